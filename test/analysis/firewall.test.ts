import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinExposure } from '../../src/analysis/exposure.ts';
import { inbound } from '../../src/analysis/firewall/inbound.ts';
import { listPorts, portMap } from '../../src/analysis/firewall/open-ports.ts';
import { readRuleset } from '../../src/analysis/firewall/ruleset.ts';
import { formatIp, parseIp, parseIpRange } from '../../src/analysis/ip-range.ts';
import { exampleFirewall, exampleListen, examplePorts, exampleRules } from '../../src/core/facts/examples-host.ts';
import type { HostFirewallFacts } from '../../src/core/facts/host-firewall.ts';

const open = (facts: HostFirewallFacts, family: 4 | 6 = 4) =>
  listPorts(portMap(readRuleset(facts), facts, family), 'accept');
const verdict = (facts: HostFirewallFacts, port: number, source = '8.8.8.8') =>
  inbound(readRuleset(facts), facts, {
    family: 4,
    port,
    source: parseIp(source)?.value ?? 0n,
    at: { device: 'eth0', address: '203.0.113.5' },
  });

/** Rules of nftables as `nft -j` prints them, in one input chain with policy drop. */
function nft(...expressions: Record<string, unknown>[][]): HostFirewallFacts {
  return {
    ...exampleFirewall(null),
    saved: [],
    nft: [
      { metainfo: { json_schema_version: 1 } },
      { table: { family: 'inet', name: 'filter' } },
      {
        chain: {
          family: 'inet',
          table: 'filter',
          name: 'input',
          type: 'filter',
          hook: 'input',
          prio: 0,
          policy: 'drop',
        },
      },
      ...expressions.map((expr, handle) => ({
        rule: { family: 'inet', table: 'filter', chain: 'input', handle, expr },
      })),
    ],
  };
}
const dport = (right: unknown) => ({
  match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right },
});

describe('the firewall model', () => {
  it('lists the open ports of a plain rule set, as ranges', () => {
    expect(
      open(exampleFirewall('DROP', [...exampleRules(22, 443), '-A INPUT -p tcp -m tcp --dport 8000:8010 -j ACCEPT'])),
    ).toBe('22, 443, 8000-8010');
    expect(open(nft([dport({ set: [22, { range: [8000, 8010] }] }), { accept: null }]))).toBe('22, 8000-8010');
  });

  it('calls a match that it does not know unknown, not open and not closed', () => {
    const facts = exampleFirewall('DROP', [
      '-A INPUT -p tcp -m tcp --dport 22 -m geoip --source-country DE -j ACCEPT',
      '-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT',
    ]);
    expect(verdict(facts, 22).verdict).toBe('unknown');
    expect(verdict(facts, 80).verdict).toBe('accept');
    expect(verdict(facts, 81).verdict).toBe('drop');
    expect(verdict(nft([dport(22), { xt: { type: 'match', name: 'geoip' } }, { accept: null }]), 22).verdict).toBe(
      'unknown',
    );
    expect(verdict(nft([{ xt: { type: 'target', name: 'TARPIT' } }]), 22).verdict).toBe('unknown');
  });

  it.each([
    '-m statistic --mode random --probability 0.5',
    '-m string --string "GET" --algo bm',
    '-m set --match-set friends src',
    '-m time --timestart 08:00 --timestop 18:00',
    '-m u32 --u32 "6&0xFF=1"',
    '-m recent --rcheck --name knocked --seconds 30',
  ])('names the rule that it could not decide: %s', (match) => {
    const rule = `-A INPUT -p tcp -m tcp --dport 22 ${match} -j ACCEPT`;
    const facts = exampleFirewall('DROP', [...exampleRules(443), rule]);
    expect(verdict(facts, 22)).toMatchObject({ verdict: 'unknown', by: expect.stringContaining(rule) });
    expect(verdict(facts, 443).verdict).toBe('accept');
  });

  it('is sure of nothing while rules could not be read', () => {
    expect(
      verdict(
        exampleFirewall('DROP', exampleRules(22), {
          unread: [{ source: 'iptables-legacy-save', reason: 'it is not installed' }],
        }),
        22,
      ).verdict,
    ).toBe('unknown');
  });

  it('knows who is asking', () => {
    const facts = exampleFirewall('DROP', ['-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 5432 -j ACCEPT']);
    expect(verdict(facts, 5432, '10.1.2.3').verdict).toBe('accept');
    expect(verdict(facts, 5432, '8.8.8.8').verdict).toBe('drop');
    expect(open(facts)).toBe('');
  });

  it('does not count a table of iptables-nft twice, and lets iptables explain its own matches', () => {
    const facts = exampleFirewall('DROP', ['-A INPUT -p tcp -m multiport --dports 22,80 -j ACCEPT']);
    const opaque = [
      { table: { family: 'ip', name: 'filter' } },
      {
        chain: { family: 'ip', table: 'filter', name: 'INPUT', type: 'filter', hook: 'input', prio: 0, policy: 'drop' },
      },
      {
        rule: {
          family: 'ip',
          table: 'filter',
          chain: 'INPUT',
          expr: [{ xt: { type: 'match', name: 'multiport' } }, { accept: null }],
        },
      },
    ];
    expect(open({ ...facts, nft: opaque })).toBe('22, 80');
  });

  it('survives chains that jump in circles', () => {
    const lines = [
      '*filter',
      ':INPUT DROP [0:0]',
      ':a - [0:0]',
      ':b - [0:0]',
      '-A INPUT -j a',
      '-A a -j b',
      '-A b -j a',
      'COMMIT',
    ];
    const facts = {
      ...exampleFirewall('DROP'),
      saved: [{ command: 'iptables-save', family: 4 as const, variant: 'nft' as const, lines }],
    };
    expect(verdict(facts, 22).verdict).toBe('unknown');
  });

  it('gives a verdict or unknown on any JSON, and never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 4 }), (values) => {
        const facts = nft(
          values.filter(
            (one): one is Record<string, never> => typeof one === 'object' && one !== null && !Array.isArray(one),
          ),
        );
        expect(['accept', 'drop', 'reject', 'unknown']).toContain(verdict(facts, 22).verdict);
      }),
    );
  });
});

describe('the exposure table', () => {
  it('joins what listens, what the rules say, what was reached and what is declared', () => {
    const rows = joinExposure({
      listen: exampleListen(
        '0.0.0.0:22 sshd',
        '0.0.0.0:6379 redis-server',
        '127.0.0.1:9000 php-fpm',
        '0.0.0.0:8080 node',
      ),
      firewall: exampleFirewall('DROP', exampleRules(22, 8080)),
      ports: examplePorts([22, 8080, 5432]),
      declared: { allow: [22, 443], from: 'outside' },
    });
    const byPort = new Map(rows.filter((row) => row.family === 4).map((row) => [row.port, row]));
    expect(byPort.get(22)).toMatchObject({ kind: 'intended', process: 'sshd', reachable: true });
    expect(byPort.get(443)).toMatchObject({ kind: 'missing', reachable: false });
    expect(byPort.get(5432)).toMatchObject({ kind: 'bypasses', via: 'dnat', process: null });
    expect(byPort.get(6379)).toMatchObject({ kind: 'blocked', process: 'redis-server', reachable: false });
    expect(byPort.get(8080)).toMatchObject({ kind: 'exposed', via: 'direct' });
    expect(byPort.get(9000)).toMatchObject({ kind: 'local' });
  });
});

describe('addresses', () => {
  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        expect(formatIp(4, parseIp(text)?.value ?? -1n)).toBe(text);
      }),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), (value) => {
        expect(parseIp(formatIp(6, value))).toEqual({ family: 6, value });
      }),
    );
    expect(formatIp(6, 1n)).toBe('::1');
    expect(formatIp(6, parseIp('2001:db8::1')?.value ?? 0n)).toBe('2001:db8::1');
  });
  it('knows masks, ranges and nonsense', () => {
    expect(parseIpRange('10.0.0.0/255.0.0.0')).toEqual(parseIpRange('10.0.0.0/8'));
    for (const nonsense of ['10.0.0.0/33', '1.2.3', '::1::2', '1.2.3.4-1.2.3.3', '10.0.0.0/255.0.255.0', ''])
      expect(parseIpRange(nonsense)).toBeNull();
  });
});
