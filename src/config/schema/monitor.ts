import { z } from 'zod';
import type { BodyAssertion } from '../../core/monitor.ts';
import { severitySchema } from '../../core/severity.ts';
import { durationBetween } from './leaf.ts';

const statusSchema = z
  .union([z.number().int().min(100).max(599), z.string().regex(/^[1-5]xx$/, 'is a status such as 200, or 2xx')])
  .transform((given) => {
    if (typeof given === 'number') return [given];
    return Array.from({ length: 100 }, (_, index) => Number(given[0]) * 100 + index);
  });

const bodySchema = z
  .union([
    z.strictObject({ contains: z.string().min(1) }),
    z.strictObject({
      jsonPath: z.string().regex(/^\$/, 'starts with $, such as $.status'),
      equals: z.union([z.string(), z.number(), z.boolean(), z.null()]),
    }),
  ])
  .transform((given): BodyAssertion => {
    if ('contains' in given) return { kind: 'contains', text: given.contains };
    return { kind: 'jsonPath', path: given.jsonPath, equals: given.equals };
  });

const expectSchema = z.strictObject({
  status: z.array(statusSchema).min(1).optional().describe('200-299 where not given'),
  latency: z.strictObject({ below: durationBetween(1, 3_600_000, '1ms and 1h') }).optional(),
  body: z.array(bodySchema).max(50).optional().describe('of greetings: contains only'),
  records: z.array(z.string().min(1)).min(1).max(50).optional().describe('DNS: each has to be in the answer'),
  dnssec: z.boolean().optional().describe('DNS: the answer has to be validated (AD flag)'),
  certificate: z.strictObject({ validFor: durationBetween(0, 400 * 86_400_000, '0s and 400d') }).optional(),
});

/** What is promised, with its error budget. */
export const sloSchema = z
  .strictObject({
    objective: z.number().min(50).max(99.999).describe('percent of the time that it is up, such as 99.9'),
    window: durationBetween(86_400_000, 90 * 86_400_000, '1d and 90d').prefault('30d'),
  })
  .transform(({ objective, window }) => ({ objective: objective / 100, windowMs: window }));

/** Watching an endpoint: how often, and what must hold for it to be up. */
export const monitorSchema = z.strictObject({
  every: durationBetween(1_000, 86_400_000, '1s and 1d').prefault('30s'),
  timeout: durationBetween(100, 300_000, '100ms and 5m').prefault('10s'),
  method: z.enum(['GET', 'HEAD']).default('GET'),
  redirects: z.number().int().min(0).max(20).default(0).describe('http and https: so many are followed'),
  ip: z
    .union([z.literal(4), z.literal(6), z.literal('any')])
    .default('any')
    .describe('addresses of this family only'),
  expect: expectSchema.default({}),
  downAfter: z.number().int().min(1).max(100).default(3),
  upAfter: z.number().int().min(1).max(100).default(2),
  severity: severitySchema.default('high').describe('of the incident when it is down'),
  slo: sloSchema.optional(),
});
export type MonitorInput = z.output<typeof monitorSchema>;
