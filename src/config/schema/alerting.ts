import { z } from 'zod';
import { channelSchema } from './channels.ts';
import { cronSchema, durationBetween, idSchema, localDateTimeSchema, timeZoneSchema, WEEKDAYS } from './leaf.ts';
import { escalationSchema, personSchema, scheduleOfPeopleSchema } from './on-call.ts';

const listSchema = z.union([z.string(), z.array(z.string()).min(1)]).transform((given) => [given].flat());
const matcherSchema = z.record(z.string(), listSchema).describe('label: value, or label: [values]');
const wait = (fallback: string) => durationBetween(0, 31 * 86_400_000, '0s and 31d').prefault(fallback);

const routeSchema = z.strictObject({
  match: matcherSchema.default({}),
  escalation: idSchema.optional(),
  channel: idSchema.optional(),
  groupBy: z.array(z.string()).default(['service']),
  groupWait: wait('30s'),
  groupInterval: wait('5m'),
  repeat: z.union([z.literal('never'), durationBetween(60_000, 31 * 86_400_000, '1m and 31d')]).prefault('4h'),
  continue: z.boolean().default(false),
});

const weeklySchema = z.string().transform((text, context) => {
  const days = WEEKDAYS.join('|');
  const match = new RegExp(`^((?:${days})(?:,(?:${days}))*) (\\d\\d:\\d\\d)-(\\d\\d:\\d\\d)$`).exec(text.trim());
  if (!match?.[1] || !match[2] || !match[3]) {
    context.addIssue({ code: 'custom', message: `"${text}" is not a weekly time; write "Sun 02:00-04:00"` });
    return z.NEVER;
  }
  const weekdays = match[1].split(',').map((day) => WEEKDAYS.indexOf(day as (typeof WEEKDAYS)[number]) + 1);
  return { weekdays, start: match[2], end: match[3] };
});

const maintenanceSchema = z.union([
  z.strictObject({ match: matcherSchema, weekly: weeklySchema, timeZone: timeZoneSchema.default('UTC') }),
  z.strictObject({
    match: matcherSchema,
    from: localDateTimeSchema,
    to: localDateTimeSchema,
    timeZone: timeZoneSchema.default('UTC'),
  }),
  z.strictObject({
    match: matcherSchema,
    cron: cronSchema,
    duration: durationBetween(60_000, 31 * 86_400_000, '1m and 31d'),
    timeZone: timeZoneSchema.default('UTC'),
  }),
]);

const allowanceSchema = (messages: number, per: string) =>
  z.union([
    z.literal('unlimited'),
    z.strictObject({
      messages: z.int().min(1).max(100_000).default(messages),
      per: durationBetween(60_000, 86_400_000, '1m and 24h').prefault(per),
    }),
  ]);

/**
 * Ten an hour is about what GoAlert allows for calls (7) and text messages (11): nobody reads more one by one. Twenty a minute is
 * the lowest published limit of a chat service (Telegram, one group). What is held waits five minutes at most.
 */
const budgetSchema = z.strictObject({
  perPerson: allowanceSchema(10, '1h').prefault({}).describe('messages to one person, by whatever channels'),
  perChannel: allowanceSchema(20, '1m').prefault({}).describe('messages on one channel'),
  digestEvery: durationBetween(60_000, 3_600_000, '1m and 1h')
    .prefault('5m')
    .describe('the rest comes so often, in one message'),
});

/** Somewhere else a silence has to be noticed: a heartbeat there, or a service such as Healthchecks. */
const deadManSchema = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .describe('gets a POST while this service is healthy; its silence says that it is not'),
  every: durationBetween(10_000, 86_400_000, '10s and 24h').prefault('1m'),
});

/** Who is told what. All of it may be left out: incidents then show in the dashboard and nobody is told. */
export const alertingSchema = z.strictObject({
  channels: z.record(idSchema, channelSchema).optional(),
  people: z.record(idSchema, personSchema).optional(),
  schedules: z.record(idSchema, scheduleOfPeopleSchema).optional(),
  escalations: z.record(idSchema, escalationSchema).optional(),
  routes: z.array(routeSchema).optional(),
  inhibit: z
    .array(z.strictObject({ when: matcherSchema, mute: matcherSchema, equal: z.array(z.string()).default([]) }))
    .optional(),
  maintenance: z.array(maintenanceSchema).optional(),
  budget: budgetSchema.optional(),
  deadMan: deadManSchema.optional(),
});
/** What holds where no file says anything of budgets. */
export const STANDARD_BUDGET = budgetSchema.parse({});
export type AlertingInput = z.output<typeof alertingSchema>;
