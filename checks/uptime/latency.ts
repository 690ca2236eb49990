import { z } from 'zod';
import { defineCheck } from '../../src/core/check.ts';
import { durationSchema, formatDuration } from '../../src/core/duration.ts';
import { exampleUptime } from '../../src/core/facts/examples-uptime.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

/** With fewer answers the 95th percentile is one of two or three slow ones. */
const ANSWERS_LEAST = 20;

export default defineCheck({
  id: 'uptime.latency',
  title: '95 of 100 answers come in time',
  category: 'uptime',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'An average hides the slow answers; one visitor in twenty waits at least as long as the 95th percentile says.',
  remediation:
    'Compare the phases on the page of the monitor: a slow first byte is the application, a slow connect or TLS the way there.',
  references: ['https://sre.google/sre-book/monitoring-distributed-systems/'],
  on: ['endpoint'],
  needs: ['uptime'],
  options: z.strictObject({
    p95: durationSchema.prefault('1s').describe('where the monitor expects no latency of its own'),
  }),
  evaluate({ uptime: { latency } }, { options }) {
    const limitMs = latency.belowMs ?? options.p95;
    const { count, p95Ms } = latency;
    if (p95Ms === null || count < ANSWERS_LEAST)
      return unknown('', `only ${count} answers in a day; ${ANSWERS_LEAST} are needed`);
    const evidence = {
      seen: formatDuration(p95Ms),
      wanted: `below ${formatDuration(limitMs)}`,
      details: { ...latency, limitMs },
    };
    const said = `the 95th percentile of ${count} answers in the last day is ${formatDuration(p95Ms)}`;
    return p95Ms < limitMs ? pass(said, evidence) : fail('', said, evidence);
  },
  examples: [
    { name: 'quick', facts: { uptime: exampleUptime() }, status: 'pass' },
    {
      name: 'slower than a second',
      facts: { uptime: exampleUptime({ latency: { count: 2_880, p95Ms: 1_400, belowMs: null } }) },
      status: 'fail',
    },
    {
      name: 'slower than the monitor expects',
      facts: { uptime: exampleUptime({ latency: { count: 2_880, p95Ms: 400, belowMs: 300 } }) },
      status: 'fail',
    },
    {
      name: 'too few answers',
      facts: { uptime: exampleUptime({ latency: { count: 4, p95Ms: 10, belowMs: null } }) },
      status: 'unknown',
    },
  ],
});
