import { randomUUID } from 'node:crypto';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { auditRoutes } from './audits.ts';
import { calendarRoutes } from './calendar.ts';
import { checkRoutes } from './checks.ts';
import { docsRoutes } from './docs.ts';
import type { ApiEnv } from './env.ts';
import { eventRoutes } from './events.ts';
import { externalRoutes } from './external.ts';
import { findingRoutes } from './findings.ts';
import { gateRoutes } from './gate.ts';
import { authenticate } from './identity.ts';
import { incidentRoutes } from './incidents.ts';
import { loginRoutes } from './login.ts';
import { createLoginCodes, type LoginCodes } from './login-codes.ts';
import { monitorRoutes } from './monitors.ts';
import { onCallRoutes } from './oncall.ts';
import { pictureRoutes } from './pictures.ts';
import { pingRoutes } from './ping.ts';
import type { ApiPorts } from './ports.ts';
import { ProblemError, problem, problemErrors, problemOf } from './problem.ts';
import { publicRoutes } from './public.ts';
import { createRateLimit } from './rate-limit.ts';
import { recordRoutes } from './records.ts';
import { scorecardRoutes } from './scorecards.ts';
import { securityHeaders } from './security-headers.ts';
import { sessionRoutes } from './session.ts';
import { type StaticFiles, staticFiles } from './static.ts';
import { systemRoutes } from './system.ts';
import { targetRoutes } from './targets.ts';

const KIB = 1_024;
/** Reports of a pipeline may be long; everything else is a few lines. */
const MAX_BODY = { gate: 16 * KIB * KIB, ping: 100 * KIB, alerts: 16 * KIB * KIB, other: 256 * KIB };

/** One answered request, for the log and the metrics. `route` is the pattern, so that ids do not become labels. */
export interface Answered {
  method: string;
  route: string;
  path: string;
  status: number;
  ms: number;
  requestId: string;
  actor: string | null;
  remote: string;
}

export interface ApiOptions {
  /** Whether browsers reach us over https: cookies become `Secure` and HSTS is sent. */
  secure?: boolean;
  /** Folder of the built dashboard. */
  webRoot?: string;
  codes?: LoginCodes;
  /** Address of the client. */
  remoteOf?(c: Context): string;
  onAnswer?(answered: Answered): void;
  /** Told about everything that nobody foresaw. */
  onCrash?(thrown: unknown, requestId: string): void;
}

/** The whole HTTP interface over its ports. */
export function createApi(ports: ApiPorts, options: ApiOptions = {}): OpenAPIHono<ApiEnv> {
  const secure = options.secure ?? false;
  const remoteOf = options.remoteOf ?? (() => 'unknown');
  const files: StaticFiles | null = options.webRoot === undefined ? null : staticFiles(options.webRoot);
  const app = new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (result.success) return undefined;
      const errors = problemErrors(result.target, result.error);
      const [first] = errors;
      const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
      const detail = first
        ? `${first.in}${first.path === '' ? '' : ` "${first.path}"`}: ${first.message}${more}`
        : 'invalid';
      throw new ProblemError(422, detail, { errors, hint: 'GET /api/docs shows what this takes' });
    },
  });

  app.use(async (c, next) => {
    const given = c.req.header('x-request-id');
    c.set('requestId', given !== undefined && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID());
    c.set('identity', null);
    const started = performance.now();
    await next();
    c.res.headers.set('X-Request-Id', c.get('requestId'));
    options.onAnswer?.({
      method: c.req.method,
      route: c.req.routePath,
      path: c.req.path,
      status: c.res.status,
      ms: performance.now() - started,
      requestId: c.get('requestId'),
      actor: c.get('identity')?.name ?? null,
      remote: remoteOf(c),
    });
  });
  app.use(securityHeaders({ secure }));
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) =>
        problem(c, 405, `${c.req.method} is not supported here`, { headers: { Allow: methods.join(', ') } }),
    }),
  );
  app.use(async (c, next) => {
    const max = /^\/api\/v1\/gate$/.test(c.req.path)
      ? MAX_BODY.gate
      : c.req.path.includes('/ping/')
        ? MAX_BODY.ping
        : c.req.path === '/api/v2/alerts'
          ? MAX_BODY.alerts
          : MAX_BODY.other;
    return bodyLimit({
      maxSize: max,
      onError: (limited) => problem(limited as Context<ApiEnv>, 413, `the body may have at most ${max} bytes`),
    })(c, next);
  });
  const auth = authenticate(ports, { secure });
  app.use('/api/*', auth);
  app.use('/metrics', auth);
  app.use('/api/*', async (c, next) => {
    const type = c.req.header('content-type');
    const isJson = type !== undefined && /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type);
    const hasBody = c.req.header('transfer-encoding') !== undefined || Number(c.req.header('content-length') ?? 0) > 0;
    const unsafe = !['GET', 'HEAD'].includes(c.req.method);
    if (unsafe && !isJson && (type !== undefined || hasBody) && !c.req.path.startsWith('/api/v1/ping/')) {
      throw new ProblemError(415, `send JSON, not ${type ?? 'a body without a content type'}`, {
        hint: 'Content-Type: application/json',
      });
    }
    // Clients that always name a type send nothing under it where nothing is to be said; as JSON that would be malformed.
    if (unsafe && isJson && Number(c.req.header('content-length') ?? 0) === 0 && (await c.req.text()) === '') {
      const headers = new Headers(c.req.raw.headers);
      headers.delete('content-type');
      c.req.raw = new Request(c.req.url, { method: c.req.method, headers });
    }
    return next();
  });

  systemRoutes(app, ports);
  sessionRoutes(app, ports, {
    secure,
    remoteOf,
    codes: options.codes ?? createLoginCodes(),
    attempts: createRateLimit(10, 60_000),
  });
  scorecardRoutes(app, ports);
  targetRoutes(app, ports);
  pictureRoutes(app, ports);
  findingRoutes(app, ports);
  auditRoutes(app, ports);
  checkRoutes(app, ports);
  monitorRoutes(app, ports);
  incidentRoutes(app, ports);
  onCallRoutes(app, ports);
  externalRoutes(app, ports);
  recordRoutes(app, ports);
  gateRoutes(app, ports);
  pingRoutes(app, ports, remoteOf);
  eventRoutes(app, ports);
  docsRoutes(app, ports);
  publicRoutes(app, ports);
  calendarRoutes(app, ports);
  loginRoutes(app);

  app.notFound(async (c) => {
    const served = await files?.serve(c);
    return (
      served ??
      problem(c, 404, `there is nothing at ${c.req.path.slice(0, 200)}`, { hint: 'GET /api/docs lists what there is' })
    );
  });
  app.onError((thrown, c) => problemOf(c, thrown, (what) => options.onCrash?.(what, c.get('requestId'))));
  return app;
}
