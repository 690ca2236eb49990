import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ApiEnv } from './env.ts';
import type { ApiPorts, Ping } from './ports.ts';
import { notFound, PROBLEMS, ProblemError } from './problem.ts';
import { createRateLimit } from './rate-limit.ts';

/** The end of a job's output says why it failed; the rest is not kept. */
const KEPT_CHARS = 10_000;
/** The id is all that a report needs, and a job says a few things a minute: whoever found an id must not fill the store or call people out by the thousand. */
const PER_MINUTE = 60;
const params = z.object({ id: z.string().max(200) });
const ok = {
  200: { description: 'Noted', content: { 'text/plain': { schema: z.string() } } },
  ...PROBLEMS,
};
const tags = ['heartbeats'];

function kindOf(word: string): Pick<Ping, 'kind' | 'exitCode'> {
  if (word === '') return { kind: 'success', exitCode: null };
  if (word === 'start' || word === 'fail' || word === 'log') return { kind: word, exitCode: null };
  const code = /^\d{1,3}$/.test(word) ? Number(word) : 256;
  if (code > 255) {
    throw new ProblemError(422, `"${word.slice(0, 50)}" is not start, fail, log or an exit code (0 to 255)`);
  }
  return { kind: code === 0 ? 'success' : 'fail', exitCode: code };
}

export function pingRoutes(app: OpenAPIHono<ApiEnv>, ports: ApiPorts, remoteOf: (c: Context) => string): void {
  const reports = createRateLimit(PER_MINUTE, 60_000);
  const note = async (c: Context<ApiEnv>, id: string, word: string) => {
    const waitMs = reports.take(id, ports.now());
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1_000);
      throw new ProblemError(429, `a heartbeat takes ${PER_MINUTE} reports a minute; try again in ${seconds} s`, {
        headers: { 'Retry-After': String(seconds) },
      });
    }
    const body = c.req.method === 'POST' ? (await c.req.text()).slice(-KEPT_CHARS) : '';
    const known = await ports.monitors.ping({
      id,
      ...kindOf(word),
      body: body === '' ? null : body,
      remote: remoteOf(c),
    });
    if (!known) throw notFound('heartbeat', id);
    c.header('Cache-Control', 'no-store');
    return c.text('OK', 200);
  };
  for (const prefix of ['/ping', '/api/v1/ping']) {
    // The short form is what jobs call; it stands once in the document, not four times.
    const hide = prefix === '/ping';
    for (const method of ['get', 'post'] as const) {
      const plain = createRoute({
        method,
        path: `${prefix}/{id}`,
        tags,
        hide,
        summary: 'A job says that it succeeded',
        security: [],
        request: { params },
        responses: ok,
      });
      const word = createRoute({
        method,
        path: `${prefix}/{id}/{word}`,
        tags,
        hide,
        summary: 'A job says that it started, failed, wants something noted, or how it exited',
        security: [],
        request: { params: params.extend({ word: z.string().max(100) }) },
        responses: ok,
      });
      app.openapi(plain, (c) => note(c, c.req.valid('param').id, ''));
      app.openapi(word, (c) => note(c, c.req.valid('param').id, c.req.valid('param').word));
    }
  }
}
