import { expect, it } from 'vitest';
import { killRuns } from './kill-runs.ts';

/** How many processes are killed; `npm run bench kills` kills 1,000. A failure is run again with `KILL_SEED`. */
const KILLS = Number(process.env.KILL_RUNS ?? 200);
const SEED = Number(process.env.KILL_SEED ?? 20261120);

it(`loses no alert and no resolve in ${KILLS} kills, through silences, maintenance, re-routing and reloads`, {
  timeout: 900_000,
}, async () => {
  const report = await killRuns({ kills: KILLS, lanes: 4, seed: SEED });
  expect(report).toMatchObject({ lost: [], doubled: [], damaged: [] });
  expect(report.kills).toBeGreaterThanOrEqual(KILLS);
  expect(report.incidents).toBeGreaterThan(KILLS);
  expect(report.taken).toBeGreaterThan(KILLS);
});
