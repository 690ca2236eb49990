import { z } from 'zod';
import { defineCheck } from '../../src/core/check.ts';
import { formatDuration } from '../../src/core/duration.ts';
import { exampleUptime } from '../../src/core/facts/examples-uptime.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';

const percent = (share: number): string => `${(Math.floor(share * 100_000) / 1_000).toFixed(3)} %`;
/** Of a period less than half of which was seen nothing is said. */
const OBSERVED_LEAST = 0.5;

export default defineCheck({
  id: 'uptime.availability',
  title: 'The target was up as much as its objective says',
  category: 'uptime',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'What users could not reach was not there for them. Time in which nobody could look, and maintenance, do not count.',
  remediation:
    'Look at the outages on the page of the monitor and at their causes; declare what is promised with monitor: { slo: { objective: 99.9, window: 30d } }.',
  references: [
    'https://sre.google/workbook/implementing-slos/',
    'https://sre.google/sre-book/service-level-objectives/',
  ],
  on: ['endpoint'],
  needs: ['uptime'],
  options: z.strictObject({
    objective: z
      .number()
      .min(50)
      .max(99.999)
      .default(99.9)
      .describe('percent, where the monitor has no slo of its own'),
  }),
  evaluate({ uptime: facts }, { options }) {
    const { uptime, observed, downMs } = facts;
    const objective = facts.objective ?? options.objective / 100;
    const period = formatDuration(Math.max(1_000, facts.to - facts.from));
    if (uptime === null || observed === null) return unknown('', 'the monitor has no verdict yet');
    if (observed < OBSERVED_LEAST) return unknown('', `only ${percent(observed)} of ${period} was seen`);
    const evidence = { seen: percent(uptime), wanted: `at least ${percent(objective)}`, details: { ...facts } };
    const said = `${percent(uptime)} over ${period} (${formatDuration(downMs)} down, ${percent(observed)} observed)`;
    return uptime >= objective ? pass(said, evidence) : fail('', said, evidence);
  },
  examples: [
    { name: 'a minute in a month', facts: { uptime: exampleUptime() }, status: 'pass' },
    { name: 'below its own objective', facts: { uptime: exampleUptime({ uptime: 0.9989 }) }, status: 'fail' },
    {
      name: 'an objective that the monitor declares',
      facts: { uptime: exampleUptime({ uptime: 0.9989, objective: 0.99 }) },
      status: 'pass',
    },
    {
      name: 'no objective of its own, below that of the options',
      facts: { uptime: exampleUptime({ uptime: 0.998, objective: null }) },
      options: { objective: 99.9 },
      status: 'fail',
    },
    { name: 'mostly blind', facts: { uptime: exampleUptime({ observed: 0.3 }) }, status: 'unknown' },
    { name: 'no verdict yet', facts: { uptime: exampleUptime({ uptime: null, observed: null }) }, status: 'unknown' },
  ],
});
