import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { ApiEnv } from './env.ts';
import { NO_QUERY } from './paging.ts';
import type { ApiPorts } from './ports.ts';
import { notFound, PROBLEMS } from './problem.ts';
import { fleetScorecard, json, serviceScorecard } from './schemas.ts';

const all = createRoute({
  method: 'get',
  path: '/api/v1/scorecard',
  tags: ['scorecards'],
  summary: 'Scores of all services and their targets',
  request: { query: NO_QUERY },
  responses: { 200: json(fleetScorecard, 'Every service; targets without one stand under `id: null`'), ...PROBLEMS },
});

const service = createRoute({
  method: 'get',
  path: '/api/v1/services/{id}/scorecard',
  tags: ['scorecards'],
  summary: 'Scores of one service and whether it is ready',
  request: { params: z.object({ id: z.string().max(200) }), query: NO_QUERY },
  responses: { 200: json(serviceScorecard, 'The service'), ...PROBLEMS },
});

export function scorecardRoutes(app: OpenAPIHono<ApiEnv>, ports: ApiPorts): void {
  app.openapi(all, async (c) => c.json(await ports.fleet.scorecard(), 200));

  app.openapi(service, async (c) => {
    const { id } = c.req.valid('param');
    const found = await ports.fleet.service(id);
    if (!found) throw notFound('service', id, 'GET /api/v1/scorecard lists them');
    return c.json(found, 200);
  });
}
