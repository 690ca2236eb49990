import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { CATEGORIES } from '../core/category.ts';
import { SEVERITIES } from '../core/severity.ts';
import type { ApiEnv } from './env.ts';
import { actor } from './identity.ts';
import { listOf, NO_QUERY, PAGE, pageOf } from './paging.ts';
import type { ApiPorts } from './ports.ts';
import { notFound, PROBLEMS } from './problem.ts';
import { instant, json } from './schemas.ts';

const tags = ['on-call'];
const name = z.string().trim().min(1).max(200);

const shift = z.object({
  from: instant,
  to: instant,
  person: z.string().nullable().openapi({ description: 'null: nobody, a gap' }),
  via: z.enum(['layer', 'override']).nullable(),
});
const schedule = z
  .object({
    id: z.string(),
    timeZone: z.string(),
    now: z.object({ person: z.string().nullable(), name: z.string().nullable(), until: instant.nullable() }),
    shifts: z.array(shift),
    calendar: z.string().openapi({ description: 'address of its iCalendar feed; whoever knows it may read it' }),
  })
  .openapi('OnCallSchedule');
export type OnCallScheduleView = z.infer<typeof schedule>;
const person = z.object({ id: z.string(), name: z.string(), calendar: z.string() }).openapi('OnCallPerson');
export type OnCallPersonView = z.infer<typeof person>;

const overrideInput = z
  .strictObject({ schedule: name, person: name, startsAt: instant, endsAt: instant })
  .refine(({ startsAt, endsAt }) => Date.parse(startsAt) < Date.parse(endsAt), {
    message: 'must lie after startsAt',
    path: ['endsAt'],
  });
const overrideOut = z
  .object({ ...overrideInput.shape, id: z.string(), createdAt: instant, createdBy: z.string(), active: z.boolean() })
  .openapi('OnCallOverride');
export type OnCallOverrideInput = z.infer<typeof overrideInput>;
export type OnCallOverrideView = z.infer<typeof overrideOut>;

const question = z.strictObject({
  target: name,
  severity: z.enum(SEVERITIES),
  category: z.enum(CATEGORIES).optional(),
  at: instant.optional().openapi({ description: 'now where not given' }),
});
const step = z.object({
  afterMs: z.number().int(),
  at: instant,
  who: z.array(z.string()),
  missing: z.array(z.string()),
});
const routeAnswer = z
  .object({
    at: instant,
    held: z.object({ reason: z.string(), until: instant.nullable() }).nullable(),
    nobody: z.string().nullable().openapi({ description: 'why nobody at all is told' }),
    ways: z.array(
      z.object({
        route: z.number().int(),
        escalation: z.string().nullable(),
        channel: z.string().nullable(),
        repeatMs: z.number().int().nullable(),
        steps: z.array(step),
      }),
    ),
  })
  .openapi('RouteTest');
export type RouteQuestionInput = z.infer<typeof question>;
export type RouteAnswerView = z.infer<typeof routeAnswer>;

const list = createRoute({
  method: 'get',
  path: '/api/v1/oncall',
  tags,
  summary: 'Who is on call, and the calendar of each schedule',
  request: {
    query: z.strictObject({
      at: instant.optional().openapi({ description: 'then instead of now' }),
      days: z.coerce.number().int().min(1).max(92).default(14).openapi({ description: 'length of the calendar' }),
    }),
  },
  responses: {
    200: json(z.object({ items: z.array(schedule), people: z.array(person), nextCursor: z.null() }), 'All schedules'),
    ...PROBLEMS,
  },
});

const overrides = createRoute({
  method: 'get',
  path: '/api/v1/oncall/overrides',
  tags,
  summary: 'Overrides made at run time that hold or will hold',
  request: { query: z.strictObject(PAGE) },
  responses: { 200: json(listOf(overrideOut), 'One page, by id'), ...PROBLEMS },
});

const add = createRoute({
  method: 'post',
  path: '/api/v1/oncall/overrides',
  tags,
  summary: 'Somebody takes a schedule over for a while',
  request: { query: NO_QUERY, body: { required: true, content: { 'application/json': { schema: overrideInput } } } },
  responses: { 201: json(overrideOut, 'It holds'), ...PROBLEMS },
});

const remove = createRoute({
  method: 'delete',
  path: '/api/v1/oncall/overrides/{id}',
  tags,
  summary: 'End an override',
  request: { params: z.object({ id: z.string().max(200) }), query: NO_QUERY },
  responses: { 204: { description: 'It no longer holds' }, ...PROBLEMS },
});

const test = createRoute({
  method: 'post',
  path: '/api/v1/route-test',
  tags,
  summary: 'Who would be told of an incident, and who not, and why',
  request: { query: NO_QUERY, body: { required: true, content: { 'application/json': { schema: question } } } },
  responses: { 200: json(routeAnswer, 'The ways that it would take while nobody acknowledges'), ...PROBLEMS },
});

export function onCallRoutes(app: OpenAPIHono<ApiEnv>, ports: ApiPorts): void {
  app.openapi(list, async (c) => {
    const { at, days } = c.req.valid('query');
    const from = at === undefined ? ports.now() : Date.parse(at);
    const to = from + days * 86_400_000;
    const [items, people] = await Promise.all([ports.onCall.schedules(from, to), ports.onCall.people()]);
    return c.json({ items, people, nextCursor: null }, 200);
  });
  app.openapi(overrides, async (c) =>
    c.json(
      pageOf(await ports.onCall.overrides(), (one) => one.id, c.req.valid('query')),
      200,
    ),
  );
  app.openapi(add, async (c) => c.json(await ports.onCall.addOverride(c.req.valid('json'), actor(c)), 201));
  app.openapi(remove, async (c) => {
    const { id } = c.req.valid('param');
    if (!(await ports.onCall.removeOverride(id, actor(c)))) {
      throw notFound('override', id, 'GET /api/v1/oncall/overrides lists them');
    }
    return c.body(null, 204);
  });
  app.openapi(test, async (c) => {
    const { at, ...rest } = c.req.valid('json');
    return c.json(await ports.onCall.routeTest(rest, at === undefined ? ports.now() : Date.parse(at)), 200);
  });
}
