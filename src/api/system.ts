import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { ApiEnv } from './env.ts';
import { NO_QUERY } from './paging.ts';
import type { ApiPorts } from './ports.ts';
import { PROBLEMS } from './problem.ts';
import { json } from './schemas.ts';

const tags = ['system'];
const readyOut = z
  .object({ ready: z.boolean(), checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })) })
  .openapi('Ready');

const healthz = createRoute({
  method: 'get',
  path: '/healthz',
  tags,
  summary: 'The process answers',
  security: [],
  responses: { 200: json(z.object({ status: z.literal('ok') }), 'It does'), ...PROBLEMS },
});

const readyz = createRoute({
  method: 'get',
  path: '/readyz',
  tags,
  summary: 'Store and configuration can be used',
  security: [],
  responses: { 200: json(readyOut, 'Ready'), 503: json(readyOut, 'Not ready, and why'), ...PROBLEMS },
});

const metrics = createRoute({
  method: 'get',
  path: '/metrics',
  tags,
  summary: 'Metrics for Prometheus',
  description: 'Needs no token where the configuration says `publish: { metrics: true }`.',
  request: { query: NO_QUERY },
  responses: {
    200: { description: 'Text exposition format', content: { 'text/plain': { schema: z.string() } } },
    ...PROBLEMS,
  },
});

export function systemRoutes(app: OpenAPIHono<ApiEnv>, ports: ApiPorts): void {
  app.openapi(healthz, (c) => c.json({ status: 'ok' as const }, 200));
  app.openapi(readyz, async (c) => {
    const checks = await ports.ready();
    const ready = checks.every((check) => check.ok);
    return ready ? c.json({ ready, checks }, 200) : c.json({ ready, checks }, 503);
  });
  app.openapi(metrics, async (c) => {
    const { contentType, text } = await ports.metrics();
    return c.text(text, 200, { 'Content-Type': contentType });
  });
}
