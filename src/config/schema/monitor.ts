import { z } from 'zod';
import type { BodyAssertion, MonitorSpec } from '../../core/monitor-spec.ts';
import { durationBetween } from './leaf.ts';

const statusSchema = z
  .union([z.number().int().min(100).max(599), z.string().regex(/^[1-5](?:xx|\d\d-[1-5]\d\d)$/)])
  .describe('200, 2xx or 200-299')
  .transform((given) => {
    if (typeof given === 'number') return { from: given, to: given };
    if (given.endsWith('xx')) return { from: Number(`${given[0]}00`), to: Number(`${given[0]}99`) };
    return { from: Number(given.slice(0, 3)), to: Number(given.slice(4)) };
  });

const regexSchema = z.string().refine(
  (text) => {
    try {
      new RegExp(text, 'u');
      return true;
    } catch {
      return false;
    }
  },
  { message: 'is not a regular expression' },
);

const bodySchema = z
  .union([
    z.strictObject({ contains: z.string().min(1) }),
    z.strictObject({ notContains: z.string().min(1) }),
    z.strictObject({ matches: regexSchema }),
    z.strictObject({
      jsonPath: z.string().regex(/^\$/, 'starts with $, such as $.status'),
      equals: z.union([z.string(), z.number(), z.boolean(), z.null()]),
    }),
  ])
  .transform((given): BodyAssertion => {
    if ('jsonPath' in given) return { type: 'jsonPath', path: given.jsonPath, equals: given.equals };
    if ('contains' in given) return { type: 'contains', text: given.contains };
    if ('notContains' in given) return { type: 'notContains', text: given.notContains };
    return { type: 'matches', text: given.matches };
  });

const expectSchema = z.strictObject({
  status: z.array(statusSchema).min(1).optional(),
  latency: z.strictObject({ below: durationBetween(1, 3_600_000, '1ms and 1h') }).optional(),
  body: z.array(bodySchema).max(50).optional(),
  certificate: z.strictObject({ validFor: durationBetween(0, 400 * 86_400_000, '0s and 400d') }).optional(),
});

/** Watching an endpoint. Status counts 200-299 as good where nothing is said. */
export const monitorSchema = z
  .strictObject({
    every: durationBetween(1_000, 86_400_000, '1s and 1d').prefault('30s'),
    timeout: durationBetween(100, 300_000, '100ms and 5m').prefault('10s'),
    method: z.enum(['GET', 'HEAD', 'POST']).default('GET'),
    headers: z.record(z.string(), z.string()).default({}),
    followRedirects: z.boolean().default(true),
    expect: expectSchema.default({}),
    downAfter: z.number().int().min(1).max(100).default(3),
    upAfter: z.number().int().min(1).max(100).default(2),
  })
  .transform(
    ({ every, timeout, expect, ...rest }): MonitorSpec => ({
      ...rest,
      everyMs: every,
      timeoutMs: timeout,
      expect: {
        status: expect.status ?? [{ from: 200, to: 299 }],
        latencyBelowMs: expect.latency?.below ?? null,
        body: expect.body ?? [],
        certificateValidForMs: expect.certificate?.validFor ?? null,
      },
    }),
  );
