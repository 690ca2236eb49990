import { z } from 'zod';
import {
  durationBetween,
  handoffSchema,
  idSchema,
  localDateTimeSchema,
  timeOfDaySchema,
  timeZoneSchema,
  WEEKDAYS,
} from './leaf.ts';

export const personSchema = z.strictObject({
  name: z.string().min(1).optional(),
  timeZone: timeZoneSchema.optional(),
  channels: z.array(idSchema).default([]),
});

const layerSchema = z.strictObject({
  people: z.array(idSchema).min(1, 'a layer needs at least one person'),
  rotate: z.union([
    z.enum(['daily', 'weekly']),
    z.strictObject({ every: durationBetween(3_600_000, 366 * 86_400_000, '1h and 366d') }),
  ]),
  handoff: handoffSchema.prefault('Mon 09:00'),
  from: z.iso.date('must be a day such as 2026-11-02'),
  restrict: z
    .strictObject({
      start: timeOfDaySchema,
      end: timeOfDaySchema,
      weekdays: z.array(z.enum(WEEKDAYS)).min(1).optional(),
    })
    .optional(),
});

export const scheduleOfPeopleSchema = z.strictObject({
  timeZone: timeZoneSchema.default('UTC'),
  layers: z.array(layerSchema).min(1),
  overrides: z
    .array(z.strictObject({ person: idSchema, from: localDateTimeSchema, to: localDateTimeSchema }))
    .default([]),
  calendar: z
    .string()
    .min(1)
    .optional()
    .describe('iCalendar file with overrides: the summary of an event is the id or name of a person'),
});

const notifySchema = z
  .string()
  .regex(/^(?:schedule|person|channel):.+$/, 'is schedule:ID, person:ID or channel:ID')
  .transform((text) => {
    const colon = text.indexOf(':');
    return { type: text.slice(0, colon) as 'schedule' | 'person' | 'channel', id: text.slice(colon + 1) };
  });

export const escalationSchema = z.strictObject({
  steps: z
    .array(
      z.strictObject({
        after: durationBetween(0, 31 * 86_400_000, '0s and 31d').prefault('0s'),
        notify: z.array(notifySchema).min(1),
      }),
    )
    .min(1),
  repeat: z.number().int().min(0).max(100).default(0),
});
