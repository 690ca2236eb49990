import { CHECKS } from '../../checks/index.ts';
import { replay } from '../../src/audit/replay.ts';
import type { FactBundle } from '../../src/core/facts/bundle.ts';
import { exampleHttp } from '../../src/core/facts/examples.ts';
import { exampleTarget } from '../support/targets.ts';
import type { Row } from './row.ts';

export const name = 'Judging recorded facts (pure: no network, no store)';

/** Cost of one scorecard, and how it grows with the number of header lines that a target sends. */
export async function run(): Promise<Row[]> {
  const small = microsecondsFor(20);
  const large = microsecondsFor(200);
  return [
    { label: 'one endpoint, 20 header lines', value: small, unit: 'µs' },
    { label: 'one endpoint, 200 header lines', value: large, unit: 'µs' },
    {
      label: 'growth for ten times the lines',
      value: large / small,
      unit: 'x',
      note: 'linear or better is at most 10',
    },
  ];
}

function microsecondsFor(lines: number): number {
  const headers = Object.fromEntries(Array.from({ length: lines }, (_, n) => [`X-Line-${n}`, `value ${n}`]));
  const bundle: FactBundle = {
    targetId: 'shop-web',
    kind: 'endpoint',
    collectedAt: 0,
    facts: { http: { ok: true, value: exampleHttp(headers), at: 0, ms: 0 } },
  };
  const target = exampleTarget({ needs: ['http'] });
  const rounds = 300;
  for (let round = 0; round < rounds; round += 1) replay(target, bundle, CHECKS);
  const started = process.hrtime.bigint();
  for (let round = 0; round < rounds; round += 1) replay(target, bundle, CHECKS);
  return Number(process.hrtime.bigint() - started) / 1_000 / rounds;
}
