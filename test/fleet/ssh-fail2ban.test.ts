import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { CHECKS } from '../../checks/index.ts';
import { type AuditedTarget, auditTarget } from '../../src/audit/audit.ts';
import { byCheck } from '../../src/core/finding.ts';
import type { EndpointTarget, HostTarget, Target } from '../../src/core/target.ts';
import { PROBES } from '../../src/probes/index.ts';
import { prettyReport } from '../../src/report/pretty.ts';
import { describeLab } from './lab/available.ts';
import { createLab, type Lab, type LabHost } from './lab/index.ts';

/** sshd writes what syslog would; fail2ban reads that file, as strictly as it can. */
const GUARD = `
kill "$(cat /run/sshd.pid)"; while [ -e /run/sshd.pid ]; do sleep 0.05; done
: > /var/log/auth.log
setsid bash -c '/usr/sbin/sshd -D -e 2>&1 | while read -r line; do echo "$(date "+%b %e %T") guarded sshd[1]: $line" >> /var/log/auth.log; done' >/dev/null 2>&1 </dev/null &
for i in $(seq 200); do ss -Htln | grep -q ":22 " && break; sleep 0.05; done
rm -rf /etc/fail2ban/jail.d/*; rm -f /var/lib/fail2ban/*
cat > /etc/fail2ban/jail.local <<'JAIL'
[DEFAULT]
backend = polling
banaction = nftables-multiport
banaction_allports = nftables-allports
usedns = no
[sshd]
enabled = true
mode = aggressive
logpath = /var/log/auth.log
maxretry = 5
findtime = 600
bantime = 3600
JAIL
fail2ban-client -x start >/dev/null
for i in $(seq 200); do fail2ban-client status sshd >/dev/null 2>&1 && break; sleep 0.05; done`;

const base = { service: null, environment: 'test', labels: {} };

function audit(target: Target, before?: AuditedTarget): Promise<AuditedTarget> {
  return auditTarget(target, {
    checks: CHECKS,
    probes: PROBES,
    recognise: async () => 'ssh',
    now: Date.now,
    before: before?.bundle.facts,
  });
}

describeLab('a host with fail2ban in aggressive mode', () => {
  let lab: Lab;
  let host: LabHost;
  let target: HostTarget;

  beforeAll(async () => {
    lab = await createLab();
    host = await lab.host({ name: 'guarded', profile: 'hardened', setup: GUARD });
    target = {
      ...base,
      ...{ kind: 'host', id: 'guarded', name: 'guarded', transport: 'ssh', firewall: null },
      ssh: {
        user: 'audit',
        host: host.address,
        port: 22,
        identity: host.identity,
        knownHosts: host.knownHosts,
        sudo: true,
      },
    };
  });
  afterAll(() => lab?.destroy());

  const log = async () => (await host.exec('cat /var/log/auth.log')).stdout;
  /** What fail2ban has counted against us and whether we are banned, once it has read to the end of the log. */
  const counted = async () => {
    const marker = `sentinel-${Date.now()}`;
    await host.exec(
      `echo "$(date '+%b %e %T') guarded sshd[1]: Connection closed by 192.0.2.77 port 1 [preauth] ${marker}" >> /var/log/auth.log`,
    );
    const status = async () => (await host.exec('fail2ban-client status sshd')).stdout;
    // The sentinel is an offence of somebody else; when it is counted, so is everything before it.
    const before = await offences('192.0.2.77');
    await host.exec(
      `echo "$(date '+%b %e %T') guarded sshd[1]: Connection closed by 192.0.2.77 port 2 [preauth]" >> /var/log/auth.log`,
    );
    await vi.waitFor(async () => expect(await offences('192.0.2.77')).toBeGreaterThan(before), {
      timeout: 60_000,
      interval: 200,
    });
    return {
      failures: (await offences(lab.address)) + (await offences(lab.address6)),
      banned: (await status()).includes(lab.address),
    };
  };
  const offences = async (address: string) => {
    const { stdout } = await host.exec(`grep -c "Found ${address} " /var/log/fail2ban.log || :`);
    return Number(stdout.trim());
  };

  it.runIf(existsSync('/usr/bin/fail2ban-client'))(
    'lets a full audit with declared ports end without a ban, its scan from outside included, and the report says what it caused',
    async () => {
      const audited = await audit({ ...target, firewall: { allow: [22, 80, 443], from: 'outside' } });
      expect(audited.bundle.facts.ports).toMatchObject({ ok: true });
      const { failures, banned } = await counted();
      expect(banned).toBe(false);
      expect(audited.bundle.facts.login?.ok).toBe(true);
      expect(audited.report.caused).toMatchObject({ failures, commands: 1 });
      expect(audited.report.caused?.ms).toBeGreaterThan(0);
      expect(((await log()).match(/Accepted publickey for audit/g) ?? []).length).toBe(1);
      const text = prettyReport(
        {
          schemaVersion: 1,
          tool: { name: 'seaworthy', version: '0' },
          generatedAt: '2026-11-20T00:00:00Z',
          durationMs: 1,
          targets: [audited.report],
        },
        { width: 200, color: false, meta: () => undefined },
      );
      expect(text).toMatch(new RegExp(`1 command · ${failures} failed log-ins? to its watchers`));
    },
  );

  it('lets a look from outside end without a ban, and counts it right', async () => {
    const before = (await counted()).failures;
    const endpoint: EndpointTarget = {
      ...base,
      ...{ kind: 'endpoint', id: 'outside', name: 'outside', protocol: 'ssh', url: `ssh://${host.address}:22` },
      ...{ host: host.address, port: 22 },
    };
    const audited = await audit(endpoint);
    const after = await counted();
    expect(after.banned).toBe(false);
    expect(audited.report.caused?.failures).toBe(after.failures - before);
    // This server has one host key and no group exchange: the greeting, the key and the refusal of "none" are one connection.
    expect(audited.bundle.facts.sshd).toMatchObject({ ok: true, value: { authMethods: ['publickey'] } });
  });

  it('is unknown once it has banned us, possibly banned, and is not asked again at once', async () => {
    await host.exec('fail2ban-client set sshd unbanip --all >/dev/null; :');
    const good = await audit(target);
    expect(good.bundle.facts.login?.ok).toBe(true);
    await host.exec(`fail2ban-client set sshd banip ${lab.address}`);
    const banned = async () => (await host.exec('nft list ruleset')).stdout.includes(lab.address);
    await vi.waitFor(async () => expect(await banned()).toBe(true), { timeout: 30_000, interval: 200 });
    const refused = await audit(target, good);
    const finding = byCheck(refused.report.findings).get('ssh.root-login')?.[0];
    expect(finding?.status).toBe('unknown');
    expect(finding?.message).toMatch(/possibly banned \(or down\).*refuses connections.*ignoreip/);
    const lines = (await log()).split('\n').length;
    const paused = await audit(target, refused);
    expect(byCheck(paused.report.findings).get('ssh.root-login')?.[0]?.message).toContain('left alone until');
    expect(paused.caused.connections).toBe(0);
    expect((await log()).split('\n').length).toBe(lines);
  });
});
