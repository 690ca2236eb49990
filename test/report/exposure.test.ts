import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXPOSURE_KINDS, type ExposureRow } from '../../src/core/exposure-table.ts';
import { renderReport } from '../../src/report/index.ts';
import { widthOf } from '../../src/report/terminal-text.ts';
import { finding } from '../support/findings.ts';
import { PLAIN, reportOf } from './sample.ts';

const accept = { verdict: 'accept', by: 'inet filter/input: tcp dport 22 accept', limited: false };
const drop = { verdict: 'drop', by: 'policy of inet filter/input', limited: false };

function row(change: Partial<ExposureRow>): ExposureRow {
  return {
    protocol: 'tcp',
    port: 22,
    kind: 'intended',
    process: 'sshd',
    program: '/usr/sbin/sshd',
    package: 'openssh-server',
    bind: ['0.0.0.0', '::'],
    declared: true,
    via: 'direct',
    v4: { kind: 'intended', rule: accept, scan: 'open', reachable: true },
    v6: { kind: 'intended', rule: accept, scan: 'open', reachable: true },
    ...change,
  };
}
const ROWS: ExposureRow[] = [
  row({
    port: 5432,
    kind: 'bypasses',
    process: 'postgres',
    package: 'postgresql-15',
    declared: false,
    via: 'dnat',
    v6: { kind: 'blocked', rule: drop, scan: 'filtered', reachable: false },
  }),
  row({ port: 443, kind: 'missing', process: null, package: null, bind: [], v6: null }),
  row({}),
  row({
    port: 631,
    kind: 'local',
    process: 'cupsd',
    package: 'cups-daemon',
    bind: ['127.0.0.1'],
    declared: false,
    v6: null,
  }),
];
const report = reportOf([finding({})], { id: 'shop-1', kind: 'host', name: 'shop-1', exposure: ROWS });

describe('the ports of a host in a report', () => {
  it('stand in the terminal, one line per port in columns, the deciding rule below', () => {
    const text = renderReport(report, 'pretty', PLAIN);
    expect(text).toMatch(/✗ 5432\/tcp {2}bypasses the firewall {2}postgres/);
    expect(text).toMatch(/open \/ filtered {2}no\n/);
    expect(text).toContain(
      '    v4 accept: inet filter/input: tcp dport 22 accept\n    v6 drop: policy of inet filter/input\n',
    );
    expect(text).toMatch(/✗ 443\/tcp {3}declared but missing {3}- /);
    expect(text).not.toContain('cupsd');
    expect(text).toContain('1 more for this host alone');
    expect(renderReport(report, 'pretty', { ...PLAIN, verbose: true })).toContain('cupsd');
  });

  it('stand in Markdown, HTML and JSON', () => {
    expect(renderReport(report, 'markdown', PLAIN)).toContain(
      '| 5432/tcp | bypasses the firewall | postgres (postgresql-15) | `0.0.0.0` `::` |',
    );
    expect(renderReport(report, 'html', PLAIN)).toContain(
      '<tr><th scope="row">5432/tcp</th><td class="high">✗ bypasses the firewall</td><td>postgres (postgresql-15)</td>',
    );
    expect(JSON.parse(renderReport(report, 'json', PLAIN)).targets[0].exposure).toEqual(ROWS);
  });

  it('stay within the terminal and cannot act in any format, whatever a host says of itself', () => {
    const nasty = fc.oneof(fc.string(), fc.constantFrom('<img src=x onerror=alert(1)>', '\u001b[2Jx', 'a|b\n| c', '`'));
    const rows = fc.array(
      fc.record({
        process: fc.option(nasty),
        package: fc.option(nasty),
        bind: fc.array(nasty, { maxLength: 3 }),
        by: nasty,
        kind: fc.constantFrom(...EXPOSURE_KINDS),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(rows, (list) => {
        const exposure = list.map(({ by, ...one }, index) =>
          row({
            ...one,
            port: index + 1,
            v4: { kind: one.kind, rule: { ...accept, by }, scan: 'open', reachable: true },
          }),
        );
        const hostile = reportOf([], { kind: 'host', exposure });
        const text = renderReport(hostile, 'pretty', { ...PLAIN, verbose: true });
        for (const line of text.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(80);
        expect(text).not.toContain('\u001b');
        expect(renderReport(hostile, 'html', PLAIN)).not.toContain('<img');
        const table = renderReport(hostile, 'markdown', PLAIN)
          .split('\n')
          .filter((line) => /^\| \d+\/tcp/.test(line));
        expect(table).toHaveLength(list.length);
      }),
      { numRuns: 200 },
    );
  });
});

describe('pretty lines', () => {
  const long = 'headers.a-very-long-identifier-of-a-check-in-some-file';

  it('are aligned although an id is longer than its column', () => {
    const text = renderReport(
      reportOf([
        finding({ check: 'headers.csp', severity: 'medium', message: 'the first' }),
        finding({ check: long, severity: 'medium', message: 'the second' }),
        finding({ check: 'headers.cross-origin', severity: 'low', message: 'the third' }),
      ]),
      'pretty',
      PLAIN,
    );
    const columns = ['the first', 'the second', 'the third'].map((word) =>
      text
        .split('\n')
        .find((line) => line.includes(word))
        ?.indexOf(word),
    );
    expect(new Set(columns).size).toBe(1);
    expect(text).toContain(`${long}\n`);
    for (const line of text.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(80);
  });

  it('give advice whole', () => {
    const advice = Array.from({ length: 90 }, (_, index) => `word${index}`).join(' ');
    const text = renderReport(reportOf([finding({ severity: 'high', remediation: advice })]), 'pretty', PLAIN);
    expect(text).toContain('word89');
    expect(text).not.toContain('…\n');
  });
});
