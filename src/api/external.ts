import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { externalAlertSchema } from '../incidents/external.ts';
import type { ApiEnv } from './env.ts';
import { NO_QUERY } from './paging.ts';
import type { ApiPorts } from './ports.ts';
import { PROBLEMS } from './problem.ts';

const post = createRoute({
  method: 'post',
  path: '/api/v2/alerts',
  tags: ['incidents'],
  summary: 'Alerts of others, as Prometheus and Grafana post them to Alertmanager (API v2)',
  description:
    'The labels are the identity: the same labels with an `endsAt` that has passed close the incident. One that is not posted again before its `endsAt` (5 minutes where it names none) counts as over.',
  request: {
    query: NO_QUERY,
    body: {
      required: true,
      content: { 'application/json': { schema: z.array(externalAlertSchema.openapi('PostableAlert')).max(10_000) } },
    },
  },
  responses: { 200: { description: 'Taken' }, ...PROBLEMS },
});

export function externalRoutes(app: OpenAPIHono<ApiEnv>, ports: ApiPorts): void {
  app.openapi(post, async (c) => {
    await ports.external.take(c.req.valid('json'));
    return c.body(null, 200);
  });
}
