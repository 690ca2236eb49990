import { describe, expect, it } from 'vitest';
import type { Exposure } from '../../src/analysis/exposure.ts';
import { exposureTable } from '../../src/analysis/exposure-table.ts';

function row(port: number, family: 4 | 6, change: Partial<Exposure> = {}): Exposure {
  return {
    protocol: 'tcp',
    port,
    family,
    kind: 'intended',
    process: null,
    program: null,
    package: null,
    bind: [],
    rule: null,
    scan: 'open',
    reachable: true,
    declared: true,
    via: 'direct',
    ...change,
  };
}

describe('the table of exposure', () => {
  it('has both families of a port in one line, with what either of them knows', () => {
    const [only, ...more] = exposureTable([
      row(22, 4, {
        process: 'sshd',
        bind: ['0.0.0.0'],
        rule: { verdict: 'accept', by: 'tcp dport 22', limited: false },
      }),
      row(22, 6, { package: 'openssh-server', bind: ['::'], scan: 'filtered', reachable: false, kind: 'missing' }),
    ]);
    expect(more).toEqual([]);
    expect(only).toMatchObject({
      kind: 'intended',
      process: 'sshd',
      package: 'openssh-server',
      bind: ['0.0.0.0', '::'],
      v4: { reachable: true, rule: { by: 'tcp dport 22' } },
      v6: { kind: 'missing', scan: 'filtered', reachable: false, rule: null },
    });
  });

  it('is led by what is open and should not be, on whichever family', () => {
    const table = exposureTable([
      row(22, 4),
      row(443, 4, { kind: 'missing' }),
      row(631, 4, { kind: 'local', declared: false }),
      row(5432, 4, { kind: 'blocked', declared: false }),
      row(5432, 6, { kind: 'exposed', declared: false }),
      row(8080, 4, { kind: 'bypasses', declared: false, via: 'dnat' }),
    ]);
    expect(table.map((one) => `${one.kind} ${one.port}`)).toEqual([
      'exposed 5432',
      'bypasses 8080',
      'missing 443',
      'intended 22',
      'local 631',
    ]);
  });

  it('keeps TCP and UDP of a port apart', () => {
    const table = exposureTable([row(53, 4), row(53, 4, { protocol: 'udp', scan: 'not scanned', reachable: null })]);
    expect(table.map((one) => `${one.protocol} ${one.port}`)).toEqual(['tcp 53', 'udp 53']);
    expect(table[1]?.v6).toBeNull();
  });
});
