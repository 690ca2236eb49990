import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import type { ApiEnv } from './env.ts';
import { NO_QUERY } from './paging.ts';
import type { ApiPorts } from './ports.ts';
import { PROBLEMS, ProblemError } from './problem.ts';

/** Proxies cut connections that are silent for 30 to 60 s. */
const COMMENT_EVERY_MS = 15_000;
const MAX_CLIENTS = 200;

const route = createRoute({
  method: 'get',
  path: '/api/v1/events',
  tags: ['events'],
  summary: 'What changes, as it changes (server-sent events)',
  description:
    'Event names: audit.started, audit.finished, incident.changed, monitor.changed, config.reloaded, and missed when Last-Event-ID is too old.',
  request: { query: NO_QUERY, headers: z.object({ 'last-event-id': z.string().max(100).optional() }) },
  responses: {
    200: { description: 'A stream of events', content: { 'text/event-stream': { schema: z.string() } } },
    ...PROBLEMS,
  },
});

export function eventRoutes(app: OpenAPIHono<ApiEnv>, ports: ApiPorts): void {
  app.openapi(route, (c) => {
    if (ports.events.clients >= MAX_CLIENTS) {
      throw new ProblemError(503, `${MAX_CLIENTS} clients already listen`, { headers: { 'Retry-After': '30' } });
    }
    const subscription = ports.events.subscribe(c.req.header('last-event-id') ?? null);
    c.header('X-Accel-Buffering', 'no');
    c.header('Cache-Control', 'no-store');
    return streamSSE(c, async (stream) => {
      stream.onAbort(() => subscription.close());
      await stream.write('retry: 2000\n: listening\n\n');
      while (!subscription.ended && !stream.aborted) {
        const event = await subscription.next(COMMENT_EVERY_MS);
        if (event) await stream.writeSSE({ id: event.id, event: event.type, data: JSON.stringify(event.data) });
        else if (!subscription.ended) await stream.write(': still here\n\n');
      }
      subscription.close();
    });
  });
}
