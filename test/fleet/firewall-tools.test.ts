import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHECKS } from '../../checks/index.ts';
import { inbound } from '../../src/analysis/firewall/inbound.ts';
import { readFirewall } from '../../src/analysis/firewall/reading.ts';
import { parseIp } from '../../src/analysis/ip-range.ts';
import { auditHost } from './lab/audit-host.ts';
import { describeLab } from './lab/available.ts';
import { createLab, type Lab, type LabHost } from './lab/index.ts';

/** Rule sets as ufw and firewalld really make them, against what connects from outside really meet. */
const PORTS = [22, 80, 443, 5432, 6379, 8080, 8443];
const ours = CHECKS.filter((check) => check.category === 'firewall' && !check.needs.includes('ports'));

const LISTENERS = `
sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
setsid '${process.execPath}' -e 'for (const p of [${PORTS.filter((port) => port !== 22)}]) require("net").createServer((s) => s.destroy()).listen(p, "::")' >/dev/null 2>&1 </dev/null &
for p in ${PORTS.join(' ')}; do for i in $(seq 600); do (exec 3<>/dev/tcp/127.0.0.1/$p) 2>/dev/null && break; sleep 0.05; done; done
nft flush ruleset; rm -f /etc/nftables.conf
mkdir -p /etc/systemd/system/multi-user.target.wants; rm -f /etc/systemd/system/*.wants/{nftables,ufw,firewalld,netfilter-persistent}.service
`;
const atBoot = (unit: string) =>
  `ln -sf /lib/systemd/system/${unit}.service /etc/systemd/system/multi-user.target.wants/${unit}.service\n`;

const ufw = (lab: Lab) => `${LISTENERS}
sed -i 's/^IPV6=.*/IPV6=yes/' /etc/default/ufw
ufw default deny incoming; ufw default allow outgoing
ufw allow 22/tcp; ufw limit 443/tcp; ufw deny 80/tcp; ufw reject 5432/tcp
ufw allow from ${lab.address} to any port 8080 proto tcp
ufw allow from 192.0.2.0/24 to any port 8443 proto tcp
ufw allow proto tcp from any to any port 7000:7400
ufw --force enable
${atBoot('ufw')}`;

const firewalld = (lab: Lab) => `${LISTENERS}
mkdir -p /run/dbus; rm -f /run/dbus/pid
cat > /run/bus.conf <<'BUS'
<busconfig><type>system</type><listen>unix:path=/run/dbus/system_bus_socket</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_type="method_call"/><allow send_type="signal"/><allow send_type="method_return"/><allow send_type="error"/><allow receive_type="method_call"/><allow receive_type="signal"/><allow receive_type="method_return"/><allow receive_type="error"/></policy></busconfig>
BUS
dbus-daemon --config-file=/run/bus.conf --fork --nopidfile
rm -rf /etc/firewalld/zones/*
setsid /usr/sbin/firewalld --nofork --nopid >/var/log/firewalld.out 2>&1 </dev/null &
for i in $(seq 600); do firewall-cmd --state >/dev/null 2>&1 && break; sleep 0.1; done
cmd() { firewall-cmd --permanent "$@"; }
cmd --zone=public --change-interface=eth0
cmd --zone=public --add-service=https
cmd --zone=public --add-port=7000-7400/tcp
cmd --zone=public --add-rich-rule='rule family=ipv4 source address=${lab.address}/32 port port=8080 protocol=tcp accept'
cmd --zone=public --add-rich-rule='rule family=ipv6 port port=5432 protocol=tcp drop'
cmd --zone=public --add-rich-rule='rule family=ipv4 port port=80 protocol=tcp reject'
firewall-cmd --reload
${atBoot('firewalld')}`;

type Met = 'open' | 'refused' | 'silent';
const MEETS: Record<string, Met> = { accept: 'open', reject: 'refused', drop: 'silent' };

function meet(host: string, port: number, timeoutMs: number): Promise<Met> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, autoSelectFamily: false });
    const end = (met: Met) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(met);
    };
    const timer = setTimeout(() => end('silent'), timeoutMs);
    socket.on('connect', () => end('open'));
    socket.on('error', (error) => end('code' in error && error.code === 'ETIMEDOUT' ? 'silent' : 'refused'));
  });
}

async function look(host: LabHost) {
  const audit = await auditHost(host, { checks: ours });
  const firewall = audit.bundle.facts['host.firewall'];
  if (!firewall?.ok) throw new Error(`no rules: ${firewall?.absence.reason}`);
  return { ...audit, firewall: firewall.value };
}

/** What the model says to us at each port of both families, each of which has been tried; disagreements are listed. */
async function compare(lab: Lab, host: LabHost): Promise<{ said: Record<string, string>; wrong: string[] }> {
  const { firewall } = await look(host);
  const { ruleset } = readFirewall(firewall);
  const said: Record<string, string> = {};
  const questions = ([4, 6] as const).flatMap((family) => PORTS.map((port) => ({ family, port })));
  const wrong = await Promise.all(
    questions.map(async ({ family, port }) => {
      const [address, own] = family === 4 ? [host.address, lab.address] : [host.address6, lab.address6];
      const source = parseIp(own)?.value ?? 0n;
      const verdict = inbound(ruleset, firewall, { family, port, source, at: { device: 'eth0', address } });
      said[`${family} ${port}`] = `${verdict.verdict}${verdict.limited ? ' limited' : ''}`;
      const expected = MEETS[verdict.verdict];
      const met = await meet(address, port, expected === 'silent' ? 700 : 20_000);
      return met === expected ? [] : [`${address} ${port}: ${verdict.verdict} by ${verdict.by}, and it met ${met}`];
    }),
  );
  return { said, wrong: wrong.flat() };
}

describeLab('firewall managers', () => {
  let lab: Lab;
  let attempt = 0;
  beforeAll(async () => {
    lab = await createLab();
  });
  afterAll(() => lab?.destroy());

  it('ufw: the verdicts are what connects meet, and what comes back after a reboot is compared', {
    timeout: 240_000,
  }, async () => {
    const host = await lab.host({ name: `ufw${++attempt}`, profile: 'hardened', setup: ufw(lab) });
    const { said, wrong } = await compare(lab, host);
    expect(wrong).toEqual([]);
    expect(said).toEqual({
      '4 22': 'accept',
      '6 22': 'accept',
      '4 80': 'drop',
      '6 80': 'drop',
      '4 443': 'accept limited',
      '6 443': 'accept limited',
      '4 5432': 'reject',
      '6 5432': 'reject',
      '4 6379': 'drop',
      '6 6379': 'drop',
      '4 8080': 'accept',
      '6 8080': 'drop',
      '4 8443': 'drop',
      '6 8443': 'drop',
    });
    const before = await look(host);
    for (const check of ['firewall.active', 'firewall.default-deny', 'firewall.ipv6-parity', 'firewall.persistent'])
      expect(before.status(check), JSON.stringify(before.of(check))).toBe('pass');
    await host.exec('iptables -I INPUT -p tcp --dport 6379 -j ACCEPT');
    const beside = await look(host);
    expect(beside.failed('firewall.persistent')).toEqual(['drift']);
    expect(beside.of('firewall.persistent')[0]?.seen).toContain('lost: -A INPUT -p tcp -m tcp --dport 6379 -j ACCEPT');
    await host.exec(
      "iptables -D INPUT -p tcp --dport 6379 -j ACCEPT; sed -i 's/^ENABLED=yes/ENABLED=no/' /etc/ufw/ufw.conf",
    );
    const off = await look(host);
    expect(off.failed('firewall.persistent')).toEqual(['']);
  });

  it('firewalld: the verdicts are what connects meet, and runtime is compared with permanent', {
    timeout: 240_000,
  }, async () => {
    const host = await lab.host({ name: `firewalld${++attempt}`, profile: 'hardened', setup: firewalld(lab) });
    const { said, wrong } = await compare(lab, host);
    expect(wrong).toEqual([]);
    expect(said).toEqual({
      '4 22': 'accept',
      '6 22': 'accept',
      '4 80': 'reject',
      '6 80': 'reject',
      '4 443': 'accept',
      '6 443': 'accept',
      '4 5432': 'reject',
      '6 5432': 'drop',
      '4 6379': 'reject',
      '6 6379': 'reject',
      '4 8080': 'accept',
      '6 8080': 'reject',
      '4 8443': 'reject',
      '6 8443': 'reject',
    });
    const before = await look(host);
    for (const check of ['firewall.active', 'firewall.default-deny', 'firewall.persistent'])
      expect(before.status(check), JSON.stringify(before.of(check))).toBe('pass');
    await host.exec('firewall-cmd --zone=public --add-port=6379/tcp');
    const changed = await look(host);
    expect(changed.failed('firewall.persistent')).toEqual(['drift']);
    expect(changed.of('firewall.persistent')[0]?.seen).toBe('lost: public ports: 6379/tcp');
    expect((await compare(lab, host)).said['4 6379']).toBe('accept');
  });
}, ['ufw', 'iptables', 'firewalld', 'dbus-daemon']);
