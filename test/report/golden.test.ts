import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatBaseline, parseBaseline, toBaseline } from '../../src/core/baseline.ts';
import { gate } from '../../src/core/gate.ts';
import { badge } from '../../src/report/badge.ts';
import { renderGate } from '../../src/report/gate.ts';
import { REPORT_FORMATS, renderReport } from '../../src/report/index.ts';
import { finding } from '../support/findings.ts';
import { EVERYTHING, PLAIN, reportOf } from './sample.ts';

/** Whole outputs, to be looked at. After a change that is meant: `npx vitest run --project unit test/report -u`. */
const golden = (name: string) => join(import.meta.dirname, '../golden/report', name);
const ENDING = { pretty: 'txt', json: 'json', sarif: 'sarif', junit: 'xml', markdown: 'md', html: 'html' } as const;

describe.each(REPORT_FORMATS)('%s', (format) => {
  it('of one of everything', async () => {
    const text = renderReport(reportOf(EVERYTHING), format, PLAIN);
    expect(text.endsWith('\n')).toBe(true);
    await expect(text).toMatchFileSnapshot(golden(`everything.${ENDING[format]}`));
  });

  it('of nothing', () => {
    expect(renderReport({ ...reportOf([]), targets: [] }, format, PLAIN).endsWith('\n')).toBe(true);
    expect(renderReport(reportOf([]), format, PLAIN)).toContain(format === 'sarif' ? '"results": []' : 'shop');
  });
});

describe('a gate', () => {
  const before = parseBaseline(
    formatBaseline(
      toBaseline(reportOf([...EVERYTHING.slice(1, 6), finding({ check: 'headers.hsts', message: 'missing' })])),
    ),
    'baseline',
  );
  const after = reportOf([...EVERYTHING, finding({ check: 'headers.hsts', status: 'pass', message: 'on' })]);
  const verdict = gate(after, before, { failOn: 'high', waivers: [], now: Date.parse('2026-11-20T12:00:00Z') });

  it.each(['pretty', 'markdown', 'sarif'] as const)('%s', async (format) => {
    await expect(renderGate(verdict, after, format, PLAIN)).toMatchFileSnapshot(golden(`gate.${ENDING[format]}`));
  });

  it('fails in JUnit for what is new only', () => {
    const text = renderGate(verdict, after, 'junit', PLAIN);
    expect(text.match(/<failure /g)).toHaveLength(2);
    expect(text).toContain('<skipped message="known: cookie');
  });
});

describe('a badge', () => {
  it.each([
    [{ grade: 'B+', score: 84 } as const, 'everything'],
    [{ grade: null, score: null }, 'unknown'],
  ])('%j', async (input, name) => {
    await expect(badge(input)).toMatchFileSnapshot(golden(`badge-${name}.svg`));
  });
});
