import { z } from 'zod';
import { defineCheck } from '../../src/core/check.ts';
import { durationSchema, formatDuration } from '../../src/core/duration.ts';
import { exampleUptime } from '../../src/core/facts/examples-uptime.ts';
import { fail, notApplicable, outcomesOr, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'uptime.observer',
  title: 'The monitoring itself looks in time and sees',
  category: 'uptime',
  severity: 'medium',
  since: '0.1.0',
  rationale: 'A monitor that looks late, or not at all, reports an uptime of the time in which nobody looked.',
  remediation:
    'Give the service more CPU, fewer monitors or longer periods; look at the lateness in /metrics and at its own network.',
  references: ['https://sre.google/sre-book/monitoring-distributed-systems/'],
  on: ['endpoint'],
  needs: ['uptime'],
  options: z.strictObject({
    lateness: durationSchema.prefault('5s').describe('99 of 100 looks start no later than this'),
    blind: z.number().min(0).max(100).default(5).describe('percent of looks that may be missing or unknown'),
  }),
  evaluate({ uptime: { looks } }, { options }) {
    if (looks.due === 0) return notApplicable('no look was due yet');
    const blind = Math.max(0, looks.due - looks.taken) + looks.unknown;
    const share = (100 * blind) / looks.due;
    const late = looks.latenessP99Ms;
    const details = { ...looks };
    const problems = [];
    if (share > options.blind) {
      const said = `${blind} of ${looks.due} looks of the last day are missing or unknown`;
      problems.push(
        fail('blindness', said, { seen: `${share.toFixed(1)} %`, wanted: `at most ${options.blind} %`, details }),
      );
    }
    if (late !== null && late > options.lateness) {
      const seen = formatDuration(late);
      problems.push(
        fail('lateness', `one look in a hundred starts ${seen} late or later`, {
          seen,
          wanted: `at most ${formatDuration(options.lateness)}`,
          details,
        }),
      );
    }
    return outcomesOr(
      problems,
      pass(`${looks.taken} of ${looks.due} looks taken, 99 of 100 within ${formatDuration(late ?? 0)} of their time`, {
        details,
      }),
    );
  },
  examples: [
    { name: 'on time', facts: { uptime: exampleUptime() }, status: 'pass' },
    {
      name: 'late',
      facts: {
        uptime: exampleUptime({
          looks: { everyMs: 30_000, due: 2_880, taken: 2_880, unknown: 0, latenessP99Ms: 9_000 },
        }),
      },
      status: 'fail',
      subjects: ['lateness'],
    },
    {
      name: 'stopped for half a day',
      facts: {
        uptime: exampleUptime({ looks: { everyMs: 30_000, due: 2_880, taken: 1_440, unknown: 10, latenessP99Ms: 20 } }),
      },
      status: 'fail',
      subjects: ['blindness'],
    },
    {
      name: 'nothing due yet',
      facts: {
        uptime: exampleUptime({ looks: { everyMs: 30_000, due: 0, taken: 0, unknown: 0, latenessP99Ms: null } }),
      },
      status: 'not-applicable',
    },
  ],
});
