import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHECKS } from '../../checks/index.ts';
import { auditTarget } from '../../src/audit/audit.ts';
import type { Finding } from '../../src/core/finding.ts';
import { byCheck, worstStatus } from '../../src/core/finding.ts';
import type { DeclaredExposure, HostTarget } from '../../src/core/target.ts';
import { PROBES } from '../../src/probes/index.ts';
import { describeLab } from './lab/available.ts';
import { createLab, type Lab, type LabHost } from './lab/index.ts';

/** Without the search through the file systems, which test/fleet/host-checks.test.ts makes. */
const MINE = CHECKS.filter((check) => check.category === 'host' || check.category === 'firewall').filter(
  (check) => !check.needs.includes('host.scan'),
);

async function audit(
  host: LabHost,
  more: { sudo?: boolean; user?: string; firewall?: DeclaredExposure | null } = {},
): Promise<Map<string, Finding[]>> {
  const target: HostTarget = {
    kind: 'host',
    id: host.name,
    name: host.name,
    service: null,
    environment: 'test',
    labels: {},
    transport: 'ssh',
    ssh: {
      user: more.user ?? 'audit',
      host: host.address,
      port: 22,
      identity: host.identity,
      knownHosts: host.knownHosts,
      sudo: more.sudo ?? true,
    },
    firewall: more.firewall ?? null,
  };
  const crashes: unknown[] = [];
  const { report } = await auditTarget(target, {
    checks: MINE,
    probes: PROBES,
    recognise: async () => 'tcp',
    now: () => Date.now(),
    onCrash: (what, thrown) => crashes.push([what, thrown]),
  });
  expect(crashes).toEqual([]);
  return byCheck(report.findings);
}

function statusOf(findings: Map<string, Finding[]>, check: string) {
  return worstStatus((findings.get(check) ?? []).map((one) => one.status));
}

function failedSubjects(findings: Map<string, Finding[]>, check: string): string[] {
  return (findings.get(check) ?? []).filter((one) => one.status === 'fail').map((one) => one.subject);
}

const listener = (port: number, address: string) =>
  `setsid '${process.execPath}' -e 'require("net").createServer((s) => s.destroy()).listen(${port}, "${address}")' >/dev/null 2>&1 </dev/null &
for i in $(seq 300); do (exec 3<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null && break; sleep 0.05; done
`;

/** What a container runtime leaves behind when it publishes a port: no listener, a translation, a forward rule. */
const PUBLISHED = `
ip link add docker0 type bridge; ip addr add 172.17.0.1/16 dev docker0; ip link set docker0 up
sysctl -qw net.ipv4.ip_forward=1
iptables -t nat -N DOCKER
iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
iptables -t nat -A DOCKER ! -i docker0 -p tcp --dport 5432 -j DNAT --to-destination 172.17.0.2:5432
iptables -P FORWARD DROP
iptables -A FORWARD -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp --dport 5432 -j ACCEPT
`;

describeLab('the inside of a host', () => {
  let lab: Lab;
  let neglected: LabHost;
  let hardened: LabHost;
  let container: LabHost;

  beforeAll(async () => {
    lab = await createLab();
    [neglected, hardened, container] = await Promise.all([
      lab.host({
        name: 'neglected',
        profile: 'neglected',
        setup: listener(6379, '0.0.0.0') + listener(9000, '127.0.0.1'),
      }),
      lab.host({
        name: 'hardened',
        profile: 'hardened',
        setup: `${listener(6379, '127.0.0.1')} mkdir -p /etc/systemd/system/sysinit.target.wants; ln -sf /lib/systemd/system/nftables.service /etc/systemd/system/sysinit.target.wants/nftables.service`,
      }),
      lab.host({
        name: 'container',
        profile: 'hardened',
        setup: PUBLISHED.replace(
          'iptables -P FORWARD DROP\n',
          'nft delete chain inet filter forward\niptables -P FORWARD DROP\n',
        ),
      }),
    ]);
  });
  afterAll(() => lab?.destroy());

  it('finds what is wrong with a neglected one', async () => {
    const findings = await audit(neglected);
    for (const check of [
      'firewall.active',
      'firewall.default-deny',
      'firewall.listening',
      'host.uid0',
      'host.empty-passwords',
      'firewall.exposed-ports',
    ]) {
      expect(statusOf(findings, check), `${check}: ${JSON.stringify(findings.get(check))}`).toBe('fail');
    }
    expect(failedSubjects(findings, 'host.uid0')).toEqual(['toor']);
    expect(failedSubjects(findings, 'host.empty-passwords')).toContain('guest');
    expect(failedSubjects(findings, 'firewall.listening')).toEqual(['tcp/6379 0.0.0.0']);
    expect(failedSubjects(findings, 'firewall.exposed-ports')).toEqual(['tcp/6379 IPv4']);
  });

  it('finds nothing of that on a hardened one', async () => {
    const findings = await audit(hardened, { firewall: { allow: [22], from: 'outside' } });
    for (const check of [
      'firewall.active',
      'firewall.default-deny',
      'firewall.ipv6-parity',
      'firewall.listening',
      'firewall.exposed-ports',
      'firewall.missing-service',
      'firewall.docker-bypass',
      'firewall.persistent',
      'firewall.conntrack-loopback',
      'firewall.forwarding',
      'host.os-supported',
      'host.uid0',
      'host.empty-passwords',
      'host.disk',
    ]) {
      expect(statusOf(findings, check), `${check}: ${JSON.stringify(findings.get(check))}`).toBe('pass');
    }
  });

  it('sees the container port that ss and the input rules do not show', async () => {
    const findings = await audit(container);
    expect(failedSubjects(findings, 'firewall.docker-bypass')).toEqual(['tcp/5432 IPv4']);
    expect(statusOf(findings, 'firewall.default-deny')).toBe('pass');
  });

  it('sees a rule that is in force and will not come back', async () => {
    await hardened.exec('nft add rule inet filter input tcp dport 443 accept');
    const findings = await audit(hardened);
    await hardened.exec('nft -f /etc/nftables.conf');
    expect(failedSubjects(findings, 'firewall.persistent')).toEqual(['drift']);
    expect(findings.get('firewall.persistent')?.[0]?.seen).toContain(
      'inet filter/input: 5 rules in the file, 6 in force',
    );
  });

  it('says without root that it could not look, and why', async () => {
    const findings = await audit(hardened, { sudo: false });
    for (const check of [
      'firewall.active',
      'firewall.default-deny',
      'firewall.ipv6-parity',
      'firewall.docker-bypass',
      'firewall.persistent',
      'firewall.conntrack-loopback',
      'firewall.forwarding',
      'firewall.rate-limit',
      'host.empty-passwords',
    ]) {
      expect(statusOf(findings, check), check).toBe('unknown');
      expect(findings.get(check)?.[0]?.message).toMatch(/only root can/);
    }
    // What anybody can see is judged all the same.
    for (const check of ['host.uid0', 'host.os-supported', 'host.disk', 'firewall.listening']) {
      expect(statusOf(findings, check), check).toBe('pass');
    }
  });
});
