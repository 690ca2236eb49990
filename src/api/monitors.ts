import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { parseDuration } from '../core/duration.ts';
import { BEAT_STATES } from '../core/monitor.ts';
import { monthIn } from '../incidents/zone.ts';
import type { ApiEnv } from './env.ts';
import { listOf, NO_QUERY, PAGE } from './paging.ts';
import type { ApiPorts, Range } from './ports.ts';
import { notFound, PROBLEMS, ProblemError } from './problem.ts';
import { instant, json } from './schemas.ts';

const DAY = 86_400_000;
const MAX_ROWS = 2_000;
const tags = ['monitors'];
const share = z
  .number()
  .min(0)
  .max(1)
  .nullable()
  .openapi({ description: 'share of the time that it was up; null = nothing was seen' });

const spark = z
  .object({
    from: instant,
    stepMs: z.number().int(),
    latencyMs: z.array(z.number().nullable()),
    seen: z.string().openapi({ description: 'a letter per step: u up, d down at least once, ? unknown, - no look' }),
  })
  .openapi('Sparkline');

export const monitorItem = z
  .object({
    id: z.string(),
    target: z.string(),
    name: z.string(),
    kind: z.string(),
    state: z.enum(BEAT_STATES),
    since: instant.nullable(),
    lastBeatAt: instant.nullable(),
    latencyMs: z.number().nullable(),
    reason: z.string().nullable(),
    uptime: z.object({ day: share, week: share, month: share }),
    spark: spark.openapi({ description: 'the last 24 hours by the hour' }),
  })
  .openapi('MonitorItem');
export type MonitorItem = z.infer<typeof monitorItem>;

const monitorPage = listOf(monitorItem)
  .extend({
    total: z.number().int().openapi({ description: 'how many match, on all pages' }),
    counts: z.object({ up: z.number().int(), down: z.number().int(), unknown: z.number().int() }).openapi({
      description: 'how many match by state, whatever `state` asks for',
    }),
  })
  .openapi('MonitorPage');
export type MonitorPage = z.infer<typeof monitorPage>;

export interface MonitorFilter {
  q?: string | undefined;
  state?: MonitorItem['state'] | undefined;
}

const phase = z.number().nullable();

export const beatRow = z
  .object({
    at: instant,
    up: z.number().int(),
    down: z.number().int(),
    unknown: z.number().int(),
    latencyMs: z.number().nullable(),
    phases: z
      .object({ resolve: phase, connect: phase, tls: phase, firstByte: phase, transfer: phase })
      .openapi({ description: 'ms of the latency that each phase took, on average; null = no look had it' }),
  })
  .openapi('BeatRow');
export type BeatRow = z.infer<typeof beatRow>;

export const uptimeItem = z
  .object({
    target: z.string(),
    name: z.string(),
    from: instant.openapi({ description: 'not before its first verdict' }),
    to: instant.openapi({ description: 'not after now' }),
    uptime: share.openapi({ description: 'up / (up + down), without maintenance; null = nothing was seen' }),
    observed: share.openapi({ description: '(up + down) / (up + down + unknown)' }),
    upMs: z.number(),
    downMs: z.number(),
    unknownMs: z.number(),
    maintenanceMs: z.number(),
  })
  .openapi('UptimeItem');
export type UptimeItem = z.infer<typeof uptimeItem>;

const rate = z.number().nullable().openapi({ description: '1 = the budget lasts the window; null = not measurable' });

export const sloRow = z
  .object({
    id: z.string().openapi({ description: 'monitor:ID or service:ID' }),
    name: z.string(),
    objective: z.number(),
    windowMs: z.number(),
    state: z.enum(['burning', 'calm', 'frozen']),
    budgetLeft: z.number().nullable().openapi({ description: '1 = all of it; below 0 = overspent' }),
    uptime: share,
    observed: share,
    downMs: z.number(),
    burn: z.array(
      z.object({
        longMs: z.number(),
        shortMs: z.number(),
        factor: z.number(),
        long: rate,
        short: rate,
        bad: z.number().int(),
      }),
    ),
  })
  .openapi('Slo');
export type SloRow = z.infer<typeof sloRow>;

const rangeQuery = { from: instant.optional(), to: instant.optional() };

const list = createRoute({
  method: 'get',
  path: '/api/v1/monitors',
  tags,
  summary: 'All monitors and heartbeats with their state',
  request: {
    query: z.strictObject({
      ...PAGE,
      q: z.string().trim().max(200).optional().openapi({ description: 'part of id, name, target or kind' }),
      state: z.enum(BEAT_STATES).optional(),
    }),
  },
  responses: { 200: json(monitorPage, 'One page, what is down first'), ...PROBLEMS },
});

const one = createRoute({
  method: 'get',
  path: '/api/v1/monitors/{id}',
  tags,
  summary: 'One monitor or heartbeat',
  request: { params: z.object({ id: z.string().max(200) }), query: NO_QUERY },
  responses: { 200: json(monitorItem, 'As it stands'), ...PROBLEMS },
});

const beats = createRoute({
  method: 'get',
  path: '/api/v1/monitors/{id}/beats',
  tags,
  summary: 'What a monitor saw over time',
  request: {
    params: z.object({ id: z.string().max(200) }),
    query: z.strictObject({
      ...rangeQuery,
      step: z.string().optional().openapi({ description: 'width of a row, such as 1m, 5m or 1h', example: '5m' }),
    }),
  },
  responses: {
    200: json(
      z.object({ items: z.array(beatRow), stepMs: z.number().int(), nextCursor: z.null() }),
      'One row per step; a step without a look has no row',
    ),
    ...PROBLEMS,
  },
});

const uptime = createRoute({
  method: 'get',
  path: '/api/v1/uptime',
  tags,
  summary: 'Uptime of everything that is watched',
  request: {
    query: z.strictObject({
      ...rangeQuery,
      month: z
        .string()
        .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'is a month such as 2026-10')
        .optional()
        .openapi({ description: 'a calendar month instead of from and to', example: '2026-10' }),
      timeZone: z
        .string()
        .max(60)
        .optional()
        .openapi({ description: 'where that month is; UTC', example: 'Europe/Lisbon' }),
    }),
  },
  responses: { 200: json(listOf(uptimeItem), 'Thirty days where no range is given'), ...PROBLEMS },
});

const slos = createRoute({
  method: 'get',
  path: '/api/v1/slos',
  tags,
  summary: 'Objectives, what is left of their error budgets and how fast it goes',
  request: { query: NO_QUERY },
  responses: { 200: json(listOf(sloRow), 'Of monitors, then of services'), ...PROBLEMS },
});

function invalid(path: string, message: string): ProblemError {
  return new ProblemError(422, `${path}: ${message}`, { errors: [{ in: 'query', path, message }] });
}

function monthOf(month: string, timeZone: string): Range {
  try {
    return monthIn(month, timeZone);
  } catch {
    throw invalid('timeZone', `"${timeZone}" is not a time zone of the IANA list`);
  }
}

function rangeOf(query: { from?: string | undefined; to?: string | undefined }, now: number, widthMs: number): Range {
  const to = query.to === undefined ? now : Date.parse(query.to);
  const from = query.from === undefined ? to - widthMs : Date.parse(query.from);
  if (from >= to) throw invalid('from', 'must lie before `to`');
  return { from, to };
}

/** Minutes for a day, hours for months: about 300 rows where nothing is asked. */
function stepOf(text: string | undefined, range: Range): number {
  const width = range.to - range.from;
  if (text === undefined) return Math.max(60_000, Math.ceil(width / 300 / 60_000) * 60_000);
  const step = parseDuration(text);
  if (step === undefined || step < 1_000) throw invalid('step', `"${text}" is no duration of a second or more`);
  if (width / step > MAX_ROWS)
    throw invalid('step', `gives more than ${MAX_ROWS} rows; take a wider step or a shorter range`);
  return step;
}

export function monitorRoutes(app: OpenAPIHono<ApiEnv>, ports: ApiPorts): void {
  app.openapi(list, async (c) => c.json(await ports.monitors.page(c.req.valid('query')), 200));

  app.openapi(one, async (c) => {
    const { id } = c.req.valid('param');
    const [item] = await ports.monitors.some({ ids: [id] });
    if (!item) throw notFound('monitor', id, 'GET /api/v1/monitors lists them');
    return c.json(item, 200);
  });

  app.openapi(beats, async (c) => {
    const { id } = c.req.valid('param');
    const query = c.req.valid('query');
    const range = rangeOf(query, ports.now(), DAY);
    const stepMs = stepOf(query.step, range);
    const items = await ports.monitors.beats(id, range, stepMs);
    if (!items) throw notFound('monitor', id, 'GET /api/v1/monitors lists them');
    return c.json({ items, stepMs, nextCursor: null }, 200);
  });

  app.openapi(uptime, async (c) => {
    const { month, timeZone, ...query } = c.req.valid('query');
    const range = month === undefined ? rangeOf(query, ports.now(), 30 * DAY) : monthOf(month, timeZone ?? 'UTC');
    return c.json({ items: await ports.monitors.uptime(range), nextCursor: null }, 200);
  });

  app.openapi(slos, async (c) => c.json({ items: await ports.monitors.slos(), nextCursor: null }, 200));
}
