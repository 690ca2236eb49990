import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { STATUSES } from '../core/finding.ts';
import { SEVERITIES } from '../core/severity.ts';
import type { ApiEnv } from './env.ts';
import { listOf, PAGE, pageOf } from './paging.ts';
import type { ApiPorts } from './ports.ts';
import { notFound, PROBLEMS } from './problem.ts';
import { categoryParam, findingChange, instant, json, type ListedFinding, listedFinding } from './schemas.ts';

/** `a,b` as a list, each of `values`. */
const anyOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(values)))
    .optional()
    .openapi({ type: 'string', description: `comma-separated, of: ${values.join(', ')}` });

const filters = z.strictObject({
  ...PAGE,
  status: anyOf(STATUSES),
  severity: anyOf(SEVERITIES),
  category: categoryParam.optional(),
  check: z.string().optional(),
  q: z.string().max(200).optional().openapi({ description: 'words in check, title, subject or message' }),
});
type Filters = z.infer<typeof filters>;
const tags = ['findings'];

const ofTarget = createRoute({
  method: 'get',
  path: '/api/v1/targets/{id}/findings',
  tags,
  summary: 'Current findings of a target, worst first',
  request: { params: z.object({ id: z.string().max(200) }), query: filters },
  responses: { 200: json(listOf(listedFinding), 'One page of findings'), ...PROBLEMS },
});

const ofAll = createRoute({
  method: 'get',
  path: '/api/v1/findings',
  tags,
  summary: 'Current findings of all targets, worst first',
  request: { query: filters },
  responses: { 200: json(listOf(listedFinding), 'One page of findings'), ...PROBLEMS },
});

const changes = createRoute({
  method: 'get',
  path: '/api/v1/changes',
  tags,
  summary: 'What got worse or better, newest first',
  request: {
    query: z.strictObject({
      since: instant.optional().openapi({ description: 'a day ago where not given' }),
      target: z.string().optional(),
      limit: PAGE.limit,
    }),
  },
  responses: { 200: json(listOf(findingChange), 'Changes of findings'), ...PROBLEMS },
});

function matches(finding: ListedFinding, query: Filters): boolean {
  if (query.status && !query.status.includes(finding.status)) return false;
  if (query.severity && !query.severity.includes(finding.severity)) return false;
  if (query.category !== undefined && finding.category !== query.category) return false;
  if (query.check !== undefined && finding.check !== query.check) return false;
  if (query.q === undefined) return true;
  const text =
    `${finding.check} ${finding.title} ${finding.subject} ${finding.message} ${finding.target}`.toLowerCase();
  return query.q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Worst first: failures by severity, then what could not be looked at, then the rest. */
function rank(finding: ListedFinding): string {
  const place = `${STATUSES.indexOf(finding.status)}${SEVERITIES.indexOf(finding.severity)}`;
  return [place, finding.check, finding.target, finding.subject, finding.fingerprint].join('\u0001');
}

export function findingRoutes(app: OpenAPIHono<ApiEnv>, ports: ApiPorts): void {
  const page = async (target: string | null, query: Filters) =>
    pageOf(
      (await ports.fleet.findings(target)).filter((finding) => matches(finding, query)),
      rank,
      query,
    );

  app.openapi(ofTarget, async (c) => {
    const { id } = c.req.valid('param');
    if (!(await ports.fleet.target(id))) throw notFound('target', id, 'GET /api/v1/targets lists them');
    return c.json(await page(id, c.req.valid('query')), 200);
  });

  app.openapi(ofAll, async (c) => c.json(await page(null, c.req.valid('query')), 200));

  app.openapi(changes, async (c) => {
    const { since, target, limit } = c.req.valid('query');
    const from = since === undefined ? ports.now() - 86_400_000 : Date.parse(since);
    return c.json({ items: await ports.fleet.changes({ target, since: from, limit }), nextCursor: null }, 200);
  });
}
