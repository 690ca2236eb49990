import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Check } from '../core/check.ts';
import { STATUSES } from '../core/finding.ts';
import { severitySchema } from '../core/severity.ts';
import type { ApiEnv } from './env.ts';
import { listOf, NO_QUERY, PAGE, pageOf } from './paging.ts';
import type { ApiPorts } from './ports.ts';
import { notFound, PROBLEMS } from './problem.ts';
import { categoryParam, json } from './schemas.ts';

export const checkItem = z
  .object({
    id: z.string(),
    title: z.string(),
    category: categoryParam,
    severity: severitySchema,
    since: z.string(),
    rationale: z.string(),
    remediation: z.string(),
    references: z.array(z.string()),
    needs: z.array(z.string()),
    options: z.record(z.string(), z.unknown()).openapi({ description: 'JSON Schema of its options' }),
    examples: z.array(z.object({ name: z.string(), status: z.enum(STATUSES) })),
  })
  .openapi('Check');

const list = createRoute({
  method: 'get',
  path: '/api/v1/checks',
  tags: ['checks'],
  summary: 'Every check there is',
  request: { query: z.strictObject({ ...PAGE, category: categoryParam.optional() }) },
  responses: { 200: json(listOf(checkItem), 'One page of checks, by id'), ...PROBLEMS },
});

const one = createRoute({
  method: 'get',
  path: '/api/v1/checks/{id}',
  tags: ['checks'],
  summary: 'One check: what it wants, why, and how to get there',
  request: { params: z.object({ id: z.string().max(200) }), query: NO_QUERY },
  responses: { 200: json(checkItem, 'The check'), ...PROBLEMS },
});

function toItem(check: Check): z.infer<typeof checkItem> {
  return {
    id: check.id,
    title: check.title,
    category: check.category,
    severity: check.severity,
    since: check.since,
    rationale: check.rationale,
    remediation: check.remediation,
    references: [...check.references],
    needs: [...check.needs],
    options: z.toJSONSchema(check.options, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>,
    examples: check.examples.map(({ name, status }) => ({ name, status })),
  };
}

export function checkRoutes(app: OpenAPIHono<ApiEnv>, ports: ApiPorts): void {
  const items = ports.checks.map(toItem);
  const byId = new Map(items.map((item) => [item.id, item]));

  app.openapi(list, (c) => {
    const query = c.req.valid('query');
    const found = items.filter((item) => query.category === undefined || item.category === query.category);
    return c.json(
      pageOf(found, (item) => item.id, query),
      200,
    );
  });

  app.openapi(one, (c) => {
    const { id } = c.req.valid('param');
    const found = byId.get(id);
    if (!found) throw notFound('check', id, 'GET /api/v1/checks lists them');
    return c.json(found, 200);
  });
}
