import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { targetKindSchema } from '../core/target.ts';
import type { ApiEnv } from './env.ts';
import { listOf, NO_QUERY, PAGE, pageOf } from './paging.ts';
import type { ApiPorts } from './ports.ts';
import { notFound, PROBLEMS } from './problem.ts';
import { findingChange, historyPoint, instant, json, reportOut, targetDetail, targetItem } from './schemas.ts';

const DAY = 86_400_000;
const params = z.object({ id: z.string().max(200) });
const tags = ['targets'];

const list = createRoute({
  method: 'get',
  path: '/api/v1/targets',
  tags,
  summary: 'All targets with their newest score',
  request: {
    query: z.strictObject({
      ...PAGE,
      service: z.string().optional(),
      environment: z.string().optional(),
      kind: targetKindSchema.optional(),
      q: z.string().max(200).optional().openapi({ description: 'part of the id or name' }),
    }),
  },
  responses: { 200: json(listOf(targetItem), 'One page of targets, by id'), ...PROBLEMS },
});

const one = createRoute({
  method: 'get',
  path: '/api/v1/targets/{id}',
  tags,
  summary: 'One target',
  request: { params, query: NO_QUERY },
  responses: { 200: json(targetDetail, 'The target'), ...PROBLEMS },
});

const scorecard = createRoute({
  method: 'get',
  path: '/api/v1/targets/{id}/scorecard',
  tags,
  summary: 'Scores, categories and findings of the newest audit',
  request: { params, query: NO_QUERY },
  responses: { 200: json(reportOut, 'The scorecard'), ...PROBLEMS },
});

const history = createRoute({
  method: 'get',
  path: '/api/v1/targets/{id}/history',
  tags,
  summary: 'Score over time, and what changed',
  request: {
    params,
    query: z.strictObject({
      from: instant.optional(),
      to: instant.optional(),
      limit: z.coerce.number().int().min(1).max(2_000).default(500),
    }),
  },
  responses: {
    200: json(
      z.object({ items: z.array(historyPoint), changes: z.array(findingChange), nextCursor: z.null() }),
      'Points oldest first, changes newest first; the newest `limit` of the range (30 days for changes where no range is given)',
    ),
    ...PROBLEMS,
  },
});

export function targetRoutes(app: OpenAPIHono<ApiEnv>, ports: ApiPorts): void {
  const known = async (id: string) => {
    const target = await ports.fleet.target(id);
    if (!target) throw notFound('target', id, 'GET /api/v1/targets lists them');
    return target;
  };

  app.openapi(list, async (c) => {
    const query = c.req.valid('query');
    const q = query.q?.toLowerCase();
    const found = (await ports.fleet.targets()).filter(
      (target) =>
        (query.service === undefined || target.service === query.service) &&
        (query.environment === undefined || target.environment === query.environment) &&
        (query.kind === undefined || target.kind === query.kind) &&
        (q === undefined || target.id.toLowerCase().includes(q) || target.name.toLowerCase().includes(q)),
    );
    return c.json(
      pageOf(found, (target) => target.id, query),
      200,
    );
  });

  app.openapi(one, async (c) => c.json(await known(c.req.valid('param').id), 200));

  app.openapi(scorecard, async (c) => {
    const target = await known(c.req.valid('param').id);
    const report = await ports.fleet.report(target.id);
    if (!report)
      throw notFound('finished audit of target', target.id, `POST /api/v1/targets/${target.id}/audit starts one`);
    return c.json(report, 200);
  });

  app.openapi(history, async (c) => {
    const target = await known(c.req.valid('param').id);
    const query = c.req.valid('query');
    const range = {
      ...(query.from === undefined ? {} : { from: Date.parse(query.from) }),
      ...(query.to === undefined ? {} : { to: Date.parse(query.to) }),
    };
    const [items, changes] = await Promise.all([
      ports.fleet.history(target.id, range, query.limit),
      ports.fleet.changes({ target: target.id, since: range.from ?? ports.now() - 30 * DAY, limit: query.limit }),
    ]);
    return c.json({ items, changes, nextCursor: null }, 200);
  });
}
