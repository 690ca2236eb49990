import { killRuns } from '../incidents/kill-runs.ts';
import type { Row } from './row.ts';

export const name = 'kill -9 in the middle of alerting, with a flaky receiver';

const KILLS = Number(process.env.KILL_RUNS ?? 1_000);

/** The test of the same name kills 200; here the count is five times that, on stores that grow longer. */
export async function run(): Promise<Row[]> {
  const started = Date.now();
  const report = await killRuns({ kills: KILLS, lanes: 4, seed: started });
  return [
    { label: 'processes killed', value: report.kills, unit: '', note: `seed ${started}` },
    { label: 'incidents opened and ended', value: report.incidents, unit: '' },
    { label: 'messages taken by the receivers', value: report.taken, unit: '' },
    { label: 'of them again, under the same id', value: report.repeated, unit: '' },
    { label: 'alerts or resolves lost', value: report.lost.length, unit: '', note: report.lost.slice(0, 3).join('; ') },
    { label: 'said twice under two ids', value: report.doubled.length, unit: '' },
    { label: 'complaints of the stores', value: report.damaged.length, unit: '' },
    { label: 'time', value: (Date.now() - started) / 1_000, unit: 's' },
  ];
}
