import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHECKS } from '../../checks/index.ts';
import { auditHost } from './lab/audit-host.ts';
import { describeLab } from './lab/available.ts';
import { createLab, type Lab, type LabHost } from './lab/index.ts';

const FIREWALL = CHECKS.filter((check) => check.category === 'firewall');
/** Those that need no scan. */
const INSIDE = FIREWALL.filter((check) => !check.needs.includes('ports'));
const DECLARED = { allow: [22, 443], from: 'outside' };

/** Rules as they are often written: for IPv4 alone, without states, and a kernel that forwards for everybody. */
const CARELESS = `
nft flush ruleset; rm -f /etc/nftables.conf
sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
iptables -P INPUT DROP
`;

/** A limit per client in the rules, and fail2ban, which reads the log that sshd writes. */
const GUARDED = `
cat > /etc/nftables.conf <<'RULES'
flush ruleset
table inet filter {
  set ssh4 { type ipv4_addr; flags dynamic; timeout 1m; }
  set ssh6 { type ipv6_addr; flags dynamic; timeout 1m; }
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    ct state invalid drop
    iif lo accept
    meta l4proto { icmp, ipv6-icmp } accept
    tcp dport 22 ct state new add @ssh4 { ip saddr limit rate over 60/minute burst 60 packets } drop
    tcp dport 22 ct state new add @ssh6 { ip6 saddr limit rate over 60/minute burst 60 packets } drop
    tcp dport 22 ct state new accept
  }
  chain forward { type filter hook forward priority 0; policy drop; }
}
RULES
nft -f /etc/nftables.conf
touch /var/log/sshd.log
rm -rf /etc/fail2ban/jail.d/*; rm -f /var/lib/fail2ban/*
cat > /etc/fail2ban/jail.local <<'JAIL'
[DEFAULT]
backend = polling
banaction = nftables-multiport
banaction_allports = nftables-allports
usedns = no
[sshd]
enabled = true
logpath = /var/log/sshd.log
JAIL
fail2ban-client -x start >/dev/null
for i in $(seq 600); do fail2ban-client status sshd >/dev/null 2>&1 && break; sleep 0.05; done
fail2ban-client set sshd banip 192.0.2.7
for i in $(seq 600); do nft list ruleset | grep -q 192.0.2.7 && break; sleep 0.05; done
`;

describeLab('the checks of firewalls', () => {
  let lab: Lab;
  let careless: LabHost;
  let guarded: LabHost;
  beforeAll(async () => {
    lab = await createLab();
    [careless, guarded] = await Promise.all([
      lab.host({ name: 'careless', profile: 'hardened', setup: CARELESS }),
      lab.host({ name: 'guarded', profile: 'hardened', setup: GUARDED }),
    ]);
  }, 120_000);
  afterAll(() => lab?.destroy());

  it('fail on rules that are written carelessly', { timeout: 240_000 }, async () => {
    const audit = await auditHost(careless, { checks: FIREWALL, firewall: DECLARED, timeoutMs: 200_000 });
    const wanted: Record<string, string[]> = {
      'firewall.ipv6-parity': ['tcp/1-21', 'tcp/23-65535'],
      'firewall.forwarding': ['IPv4 eth0 to eth0', 'IPv6 eth0 to eth0'],
      'firewall.conntrack-loopback': ['established IPv4', 'invalid IPv4', 'invalid IPv6', 'loopback IPv4'],
      'firewall.missing-service': ['tcp/443'],
      'firewall.rate-limit': ['tcp/22 IPv4', 'tcp/22 IPv6'],
      'firewall.fail2ban': [''],
    };
    const seen = Object.fromEntries(Object.keys(wanted).map((id) => [id, [...audit.failed(id)].sort()]));
    expect(seen).toEqual(wanted);
  });

  it('pass with a limit per client and a fail2ban that bans for real', { timeout: 120_000 }, async () => {
    const audit = await auditHost(guarded, { checks: INSIDE });
    for (const id of [
      'firewall.fail2ban',
      'firewall.rate-limit',
      'firewall.ipv6-parity',
      'firewall.forwarding',
      'firewall.conntrack-loopback',
    ])
      expect(audit.status(id), `${id}: ${JSON.stringify(audit.of(id))}`).toBe('pass');
    expect(audit.of('firewall.fail2ban')[0]?.message).toContain('1 addresses banned now, and the rules know them');
  });

  it('see that bans no longer reach the rules, and that fail2ban does not run', { timeout: 120_000 }, async () => {
    await guarded.exec('nft delete table inet f2b-table');
    const flushed = await auditHost(guarded, { checks: INSIDE });
    expect(flushed.failed('firewall.fail2ban')).toEqual(['sshd']);
    expect(flushed.of('firewall.fail2ban')[0]?.message).toContain('no rule turns them away');
    await guarded.exec('fail2ban-client stop');
    const stopped = await auditHost(guarded, { checks: INSIDE });
    expect(stopped.of('firewall.fail2ban')[0]?.message).toBe('fail2ban is installed and does not run');
    // The limit in the rules is there all the same.
    expect(stopped.status('firewall.rate-limit')).toBe('pass');
  });

  it('are unknown, with the reason, where sudo is denied or no tool is there', { timeout: 120_000 }, async () => {
    const rules = INSIDE.filter((check) => check.needs.includes('host.firewall')).map((check) => check.id);
    await guarded.exec('mv /etc/sudoers.d/audit /root/audit');
    const denied = await auditHost(guarded, { checks: INSIDE });
    await guarded.exec('mv /root/audit /etc/sudoers.d/audit; rm -f /usr/sbin/nft /usr/sbin/ip*tables*');
    const toolless = await auditHost(guarded, { checks: INSIDE });
    for (const id of rules) {
      expect(
        denied.of(id).map((one) => [one.status, one.message]),
        id,
      ).toEqual([['unknown', expect.stringContaining('only root can read the firewall rules')]]);
      expect(
        toolless.of(id).map((one) => [one.status, one.message]),
        id,
      ).toEqual([['unknown', expect.stringContaining('neither nft nor iptables is installed')]]);
    }
  });
}, ['iptables', 'fail2ban']);
