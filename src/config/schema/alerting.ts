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
});
export type AlertingInput = z.output<typeof alertingSchema>;
