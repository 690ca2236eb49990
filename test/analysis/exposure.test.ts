import { describe, expect, it } from 'vitest';
import { type Exposure, joinExposure } from '../../src/analysis/exposure.ts';
import { stateOf } from '../../src/analysis/exposure-scan.ts';
import { exampleFirewall, exampleListen, examplePorts, exampleRules } from '../../src/core/facts/examples-host.ts';
import type { PortsFacts } from '../../src/core/facts/ports.ts';

const DROP_ALL = exampleFirewall('DROP', exampleRules(22));
/** PostgreSQL for the office alone. */
const OFFICE = exampleFirewall('DROP', [
  ...exampleRules(22),
  '-A INPUT -s 198.51.100.0/24 -p tcp -m tcp --dport 5432 -j ACCEPT',
]);
const POSTGRES = exampleListen('0.0.0.0:5432 postgres', '0.0.0.0:22 sshd');

function row(rows: readonly Exposure[], port: number, family: 4 | 6 = 4, protocol = 'tcp'): Exposure | undefined {
  return rows.find((one) => one.port === port && one.family === family && one.protocol === protocol);
}

/** A scan that came from this address. */
function from(source: string | null, ports: PortsFacts): PortsFacts {
  return { ...ports, addresses: [{ ...ports.addresses[0], source }] as PortsFacts['addresses'] };
}

describe('ports that are declared for some only', () => {
  const declared = { allow: [5432], from: ['198.51.100.0/24'] };

  it('are intended where the rules let them in and nobody else', () => {
    const rows = joinExposure({ listen: POSTGRES, firewall: OFFICE, declared });
    expect(row(rows, 5432)).toMatchObject({ kind: 'intended', declared: true, rule: { verdict: 'drop' } });
  });

  it('are exposed where strangers get in as well', () => {
    const firewall = exampleFirewall('DROP', exampleRules(22, 5432));
    expect(row(joinExposure({ listen: POSTGRES, firewall, declared }), 5432)?.kind).toBe('exposed');
  });

  it('are missing where the rules keep them out, or nobody listens', () => {
    expect(row(joinExposure({ listen: POSTGRES, firewall: DROP_ALL, declared }), 5432)?.kind).toBe('missing');
    const nobody = exampleListen('0.0.0.0:22 sshd');
    expect(row(joinExposure({ listen: nobody, firewall: OFFICE, declared }), 5432)?.kind).toBe('missing');
  });

  it('that the auditor did not reach are judged by whether it is one of those', () => {
    const closed = examplePorts([22]);
    const input = { listen: POSTGRES, firewall: OFFICE, declared };
    expect(row(joinExposure({ ...input, ports: from('192.0.2.9', closed) }), 5432)?.kind).toBe('intended');
    expect(row(joinExposure({ ...input, ports: from('198.51.100.7', closed) }), 5432)?.kind).toBe('missing');
  });

  it('that a stranger reached are exposed, past rules that would have turned it away', () => {
    const ports = from('192.0.2.9', examplePorts([22, 5432]));
    expect(row(joinExposure({ listen: POSTGRES, firewall: OFFICE, ports, declared }), 5432)?.kind).toBe('bypasses');
    expect(row(joinExposure({ listen: POSTGRES, ports, declared }), 5432)?.kind).toBe('exposed');
  });

  it('are unknown where one of the invited got in and the rules could not be read', () => {
    const ports = from('198.51.100.7', examplePorts([22, 5432]));
    expect(row(joinExposure({ listen: POSTGRES, ports, declared }), 5432)?.kind).toBe('unknown');
  });

  it('are not declared for the other family', () => {
    const rows = joinExposure({ listen: POSTGRES, firewall: OFFICE, declared });
    expect(row(rows, 5432, 6)).toBeUndefined();
  });

  it('stay open when one neighbour is banned', () => {
    const firewall = exampleFirewall('DROP', [
      '-A INPUT -s 198.51.100.66/32 -j DROP',
      '-A INPUT -s 198.51.100.0/24 -p tcp -m tcp --dport 5432 -j ACCEPT',
    ]);
    expect(row(joinExposure({ listen: POSTGRES, firewall, declared }), 5432)?.kind).toBe('intended');
  });
});

describe('the exposure of a port', () => {
  it('is unknown where nobody scanned and the rules could not be read', () => {
    expect(row(joinExposure({ listen: POSTGRES, declared: null }), 5432)?.kind).toBe('unknown');
  });

  it('is blocked where the rules let the auditor in by name and turn strangers away', () => {
    const ports = from('198.51.100.7', examplePorts([22, 5432]));
    expect(row(joinExposure({ listen: POSTGRES, firewall: OFFICE, ports, declared: null }), 5432)).toMatchObject({
      kind: 'blocked',
      reachable: true,
    });
  });

  it('is not told by a scan of another address than the one that it listens on', () => {
    const listen = exampleListen('10.0.0.5:5432 postgres');
    expect(row(joinExposure({ listen, ports: examplePorts([22]), declared: null }), 5432)).toMatchObject({
      scan: 'not scanned',
      reachable: null,
    });
  });

  it('has UDP sockets as not scanned, judged by the rules', () => {
    const sockets = [
      {
        protocol: 'udp' as const,
        address: '0.0.0.0',
        port: 161,
        families: [4 as const],
        device: null,
        processes: ['snmpd'],
      },
      {
        protocol: 'udp' as const,
        address: '127.0.0.1',
        port: 323,
        families: [4 as const],
        device: null,
        processes: ['chronyd'],
      },
    ];
    const listen = { processesVisible: true, sockets };
    const ports = examplePorts([22]);
    const blocked = joinExposure({ listen, firewall: DROP_ALL, ports, declared: null });
    expect(row(blocked, 161, 4, 'udp')).toMatchObject({ kind: 'blocked', scan: 'not scanned', process: 'snmpd' });
    expect(row(blocked, 323, 4, 'udp')?.kind).toBe('local');
    const open = exampleFirewall('DROP', ['-A INPUT -p udp -m udp --dport 161 -j ACCEPT']);
    expect(row(joinExposure({ listen, firewall: open, ports, declared: null }), 161, 4, 'udp')?.kind).toBe('exposed');
  });

  it('names the program and the package behind it', () => {
    const [socket] = exampleListen('0.0.0.0:22 sshd').sockets;
    if (!socket) throw new Error('no socket');
    const program = { path: '/usr/sbin/sshd', package: 'openssh-server' };
    const listen = { processesVisible: true, sockets: [{ ...socket, program }] };
    expect(row(joinExposure({ listen, declared: null }), 22)).toMatchObject({
      program: '/usr/sbin/sshd',
      package: 'openssh-server',
    });
  });
});

it('tells closed from filtered when only one of the two lists was kept', () => {
  const large = { address: '203.0.113.5', family: 4 as const, open: [22], refusedPorts: [], filteredPorts: [25] };
  expect(stateOf({ ...large, closed: 65_533, filtered: 1 }, 25)).toBe('filtered');
  expect(stateOf({ ...large, closed: 65_533, filtered: 1 }, 80)).toBe('closed');
});
