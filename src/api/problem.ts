import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ZodError } from 'zod';
import { AppError } from '../core/error.ts';
import type { ApiEnv } from './env.ts';

const problemErrorSchema = z.object({
  in: z.string().openapi({ description: 'query, param, json or header', example: 'query' }),
  path: z.string().openapi({ example: 'limit' }),
  message: z.string(),
});

/** RFC 9457. `type` is stable and can be matched on; `hint` says what to do. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    hint: z.string().optional(),
    instance: z.string().openapi({ description: 'the path that was asked' }),
    requestId: z.string(),
    errors: z.array(problemErrorSchema).optional(),
  })
  .openapi('Problem');
export type Problem = z.infer<typeof problemSchema>;

export type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503;
const TITLES: Record<ProblemStatus, [type: string, title: string]> = {
  400: ['malformed', 'The request cannot be read'],
  401: ['unauthenticated', 'Log in first'],
  403: ['forbidden', 'This is not allowed'],
  404: ['not-found', 'There is no such thing'],
  405: ['method-not-allowed', 'This method is not supported here'],
  409: ['conflict', 'This cannot be done now'],
  413: ['too-large', 'The request is too large'],
  415: ['unsupported-media-type', 'This content type is not understood'],
  422: ['invalid', 'The request is understood but wrong'],
  429: ['too-many-requests', 'Too many requests'],
  500: ['internal', 'Something broke on our side'],
  503: ['unavailable', 'This is not available right now'],
};

interface ProblemMore {
  /** Machine-readable kind, where the status alone does not say it. */
  type?: string;
  hint?: string | undefined;
  errors?: Problem['errors'];
  headers?: Record<string, string>;
}

/** Thrown by handlers; becomes a problem document. */
export class ProblemError extends Error {
  readonly status: ProblemStatus;
  readonly more: ProblemMore;

  constructor(status: ProblemStatus, detail: string, more: ProblemMore = {}) {
    super(detail);
    this.name = 'ProblemError';
    this.status = status;
    this.more = more;
  }
}

/** A 404 that names what was not found. */
export function notFound(what: string, id: string, hint?: string): ProblemError {
  return new ProblemError(404, `there is no ${what} "${id.slice(0, 200)}"`, { hint });
}

export function problem(c: Context<ApiEnv>, status: ProblemStatus, detail: string, more: ProblemMore = {}): Response {
  const [type, title] = TITLES[status];
  const body: Problem = {
    type: `urn:seaworthy:problem:${more.type ?? type}`,
    title,
    status,
    detail,
    ...(more.hint === undefined ? {} : { hint: more.hint }),
    instance: c.req.path,
    requestId: c.get('requestId') ?? '',
    ...(more.errors === undefined ? {} : { errors: more.errors }),
  };
  return c.body(JSON.stringify(body), status, {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    ...more.headers,
  });
}

/** Codes of `AppError` that are not the caller's mistake in writing. */
const APP_STATUS: Record<string, ProblemStatus> = {
  'unknown-target': 404,
  'facts-missing': 409,
  'store-busy': 503,
  'store-full': 503,
  'store-read-only': 503,
};

/** Any thrown value as a problem document; what nobody foresaw is told to `report` and never shown. */
export function problemOf(c: Context<ApiEnv>, thrown: unknown, report: (thrown: unknown) => void): Response {
  if (thrown instanceof ProblemError) return problem(c, thrown.status, thrown.message, thrown.more);
  if (thrown instanceof AppError) {
    return problem(c, APP_STATUS[thrown.code] ?? 422, thrown.message, { type: thrown.code, hint: thrown.hint });
  }
  if (thrown instanceof HTTPException && thrown.status in TITLES && thrown.status < 500) {
    return problem(c, thrown.status as ProblemStatus, thrown.message);
  }
  report(thrown);
  return problem(c, 500, 'the request could not be completed', {
    hint: `look for request ${c.get('requestId') ?? ''} in the log`,
  });
}

/** Every issue of a refused value with its place, as far as a person can use them. */
export function problemErrors(where: string, error: Pick<ZodError, 'issues'>): NonNullable<Problem['errors']> {
  return error.issues.slice(0, 50).flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        in: where,
        path: [...path, key].join('.').slice(0, 200),
        message: `unknown ${where === 'query' ? 'parameter' : 'key'} "${key.slice(0, 100)}"`,
      }));
    }
    return [{ in: where, path: path.join('.'), message: issue.message }];
  });
}

/** The declared answer for everything that goes wrong. */
export const PROBLEMS = {
  default: {
    description: 'Anything that went wrong, as a problem document (RFC 9457)',
    content: { 'application/problem+json': { schema: problemSchema } },
  },
} as const;
