// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are written like that
import { z } from 'zod';
import { durationSchema } from '../../core/duration.ts';
import { reasonOf } from '../../core/error.ts';
import { comesRound } from '../../time/cron.ts';

/** Ids stand in addresses, fingerprints and metrics. */
export const idSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    'an id is made of letters, digits, ".", "_" and "-", at most 100 of them',
  );

/** A value that must not stand in the file itself. The mark is found again by `literalSecrets`. */
export function secretSchema(what: string) {
  return z
    .string()
    .min(1)
    .meta({ writeOnly: true, description: `${what}; write \${env:NAME} or \${file:PATH}` });
}

/** A duration that must be longer than nothing, and an upper bound that catches slips such as `30000d`. */
export function durationBetween(leastMs: number, mostMs: number, range: string) {
  return durationSchema.refine((ms) => ms >= leastMs && ms <= mostMs, { message: `must be between ${range}` });
}

export const timeZoneSchema = z.string().refine(
  (zone) => {
    try {
      new Intl.DateTimeFormat('en', { timeZone: zone });
      return true;
    } catch {
      return false;
    }
  },
  { message: 'is not a time zone of the IANA list, such as Europe/Lisbon or UTC' },
);

/** A cron line that comes round at least once: `0 0 30 2 *` is refused. */
export const cronSchema = z.string().superRefine((text, context) => {
  try {
    if (!comesRound(text)) context.addIssue({ code: 'custom', message: `"${text}" never comes round` });
  } catch (thrown) {
    context.addIssue({
      code: 'custom',
      message: `"${text}" is not a cron line (it ${reasonOf(thrown)}); write five fields such as "0 2 * * *"`,
    });
  }
});

/** When something is done: at a period, at the times of a cron line, or never. */
export const scheduleSchema = z.union([
  z.literal('off'),
  z.literal(false),
  z.strictObject({ every: durationBetween(60_000, 31 * 86_400_000, '1m and 31d') }),
  z.strictObject({ cron: cronSchema, timeZone: timeZoneSchema.default('UTC') }),
]);

export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const TIME = '([01]\\d|2[0-3]):([0-5]\\d)';

export const timeOfDaySchema = z.string().regex(new RegExp(`^${TIME}$`), 'must be a time of day such as 09:00');

/** `Mon 09:00`, or `09:00` for every day. `weekday` is 1 (Monday) to 7. */
export const handoffSchema = z.string().transform((text, context) => {
  const match = new RegExp(`^(?:(${WEEKDAYS.join('|')}) )?${TIME}$`).exec(text.trim());
  if (!match) {
    context.addIssue({ code: 'custom', message: `"${text}" is not a hand-off; write "Mon 09:00" or "09:00"` });
    return z.NEVER;
  }
  const day = WEEKDAYS.indexOf(match[1] as (typeof WEEKDAYS)[number]);
  return { weekday: day < 0 ? null : day + 1, hour: Number(match[2]), minute: Number(match[3]) };
});

/** A local date and time without offset; the zone stands beside it. */
export const localDateTimeSchema = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?$/, 'must be a local date and time such as 2026-12-24T09:00')
  .refine((text) => !Number.isNaN(Date.parse(`${text}Z`)), { message: 'is not a date that exists' });

/** `host:port`, an IPv6 address in brackets. */
export const ownAddressSchema = z.string().transform((text, context) => {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/]+)):(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || port < 1 || port > 65_535) {
    context.addIssue({ code: 'custom', message: `"${text}" is not an address; write host:port such as 10.0.0.1:443` });
    return z.NEVER;
  }
  return { host, port };
});
