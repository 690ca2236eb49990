import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { ApiEnv } from './env.ts';
import { actor } from './identity.ts';
import { listOf, NO_QUERY, PAGE } from './paging.ts';
import type { ApiPorts } from './ports.ts';
import { notFound, PROBLEMS } from './problem.ts';
import { auditItem, json, reportOut } from './schemas.ts';

const params = z.object({ id: z.string().max(200) });
const tags = ['audits'];

const start = createRoute({
  method: 'post',
  path: '/api/v1/targets/{id}/audit',
  tags,
  summary: 'Audit a target now',
  description:
    'One audit runs per host at a time; while one runs on this target its id is answered and no second one is started.',
  request: { params, query: NO_QUERY },
  responses: {
    202: json(
      z.object({ id: z.string(), started: z.boolean(), status: z.literal('running') }).openapi('StartedAudit'),
      'It runs; GET /api/v1/audits/{id} has the result',
    ),
    ...PROBLEMS,
  },
});

const list = createRoute({
  method: 'get',
  path: '/api/v1/audits',
  tags,
  summary: 'Finished audits, newest first',
  request: { query: z.strictObject({ ...PAGE, target: z.string().optional() }) },
  responses: { 200: json(listOf(auditItem), 'One page of audits'), ...PROBLEMS },
});

const one = createRoute({
  method: 'get',
  path: '/api/v1/audits/{id}',
  tags,
  summary: 'One audit, with its report once it is done',
  request: { params, query: NO_QUERY },
  responses: {
    200: json(auditItem.extend({ report: reportOut.nullable() }).openapi('Audit'), 'The audit'),
    ...PROBLEMS,
  },
});

const replay = createRoute({
  method: 'post',
  path: '/api/v1/audits/{id}/replay',
  tags,
  summary: "Judge an audit's stored facts with the rules of today",
  description: 'Looks at nothing and saves nothing.',
  request: { params, query: NO_QUERY },
  responses: { 200: json(reportOut, 'The report as it would be now'), ...PROBLEMS },
});

export function auditRoutes(app: OpenAPIHono<ApiEnv>, ports: ApiPorts): void {
  app.openapi(start, async (c) => {
    const { id } = c.req.valid('param');
    if (!(await ports.fleet.target(id))) throw notFound('target', id, 'GET /api/v1/targets lists them');
    const begun = ports.audits.start(id, actor(c));
    c.header('Location', `/api/v1/audits/${begun.id}`);
    return c.json({ ...begun, status: 'running' as const }, 202);
  });

  app.openapi(list, async (c) => c.json(await ports.audits.page(c.req.valid('query')), 200));

  app.openapi(one, async (c) => {
    const { id } = c.req.valid('param');
    const found = await ports.audits.get(id);
    if (!found) throw notFound('audit', id, 'GET /api/v1/audits lists them');
    return c.json({ ...found.item, report: found.report }, 200);
  });

  app.openapi(replay, async (c) => {
    const { id } = c.req.valid('param');
    const report = await ports.audits.replay(id);
    if (!report) throw notFound('audit with stored facts', id, 'GET /api/v1/audits lists the audits');
    return c.json(report, 200);
  });
}
