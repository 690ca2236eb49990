import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditHost, HOST_CHECKS } from './lab/audit-host.ts';
import { describeLab } from './lab/available.ts';
import { badState, goodState } from './lab/host-state.ts';
import { createLab, type Lab, type LabHost } from './lab/index.ts';

/** Which subjects of each check must fail on the neglected host. Every check of the category has its line. */
const WRONG: Readonly<Record<string, readonly string[]>> = {
  'host.accounts': ['guest', 'legacy', 'toor'],
  'host.apparmor': [''],
  'host.audit-logging': [''],
  'host.automatic-updates': [''],
  'host.clock-skew': [''],
  'host.core-dumps': [''],
  'host.cron-permissions': ['/etc/cron.d/backup'],
  'host.disk': ['/var/lib/full'],
  'host.empty-passwords': ['guest'],
  'host.failed-units': ['backup.service'],
  'host.inodes': ['/var/lib/crowded'],
  'host.kernel-modules': ['dccp'],
  'host.log-rotation': [''],
  'host.log-shipping': [''],
  'host.mount-options': ['/tmp'],
  'host.os-supported': [''],
  'host.password-hashing': ['legacy'],
  'host.reboot-required': [''],
  'host.security-updates': [''],
  'host.sudo-nopasswd': ['ALL'],
  'host.suid': ['/opt/rootsh'],
  'host.supervisor': ['byhand', 'crash', 'hasty'],
  'host.swap-encryption': ['/dev/vdz9'],
  'host.sysctl': ['kernel.randomize_va_space'],
  'host.time-sync': [''],
  'host.tls-key-permissions': ['/etc/ssl/private/shop.key'],
  'host.uid0': ['toor'],
  'host.world-writable': ['/opt/backup.sh', '/srv/upload'],
};
/** Judged by their owners' tests. */
const ELSEWHERE = new Set(['host.plain-env-secrets']);
const mine = HOST_CHECKS.filter((check) => !ELSEWHERE.has(check.id));
/** A kernel without loadable modules has no list of them to be shown. */
const NO_MODULES = existsSync('/proc/modules') ? [] : ['host.kernel-modules'];
const DECLARED = { 'host.accounts': { allow: ['root', 'audit'] }, 'host.sudo-nopasswd': { allow: ['audit'] } };

describeLab('every check of a host', () => {
  let lab: Lab;
  let neglected: LabHost;
  let hardened: LabHost;

  beforeAll(async () => {
    lab = await createLab();
    [neglected, hardened] = await Promise.all([
      lab.host({ name: 'neglected', profile: 'neglected', setup: badState }),
      lab.host({ name: 'hardened', profile: 'hardened', setup: goodState }),
    ]);
  });
  afterAll(() => lab?.destroy());

  it('has a line here', () => {
    expect(mine.map((check) => check.id).filter((id) => !(id in WRONG))).toEqual([]);
  });

  it('fails on the neglected host, over one connection with one script', async () => {
    // Programs that end at once are given up after their second try.
    await neglected.exec(
      'for i in $(seq 300); do supervisorctl status crash | grep -q FATAL && exit 0; sleep 0.1; done; exit 1',
    );
    const audit = await auditHost(neglected, { checks: mine, options: DECLARED });
    const missed = Object.entries(WRONG)
      .filter(([id]) => !NO_MODULES.includes(id))
      .flatMap(([id, subjects]) => {
        const failed = audit.failed(id);
        const absent = subjects.filter((subject) => !failed.includes(subject));
        return absent.length > 0
          ? [{ id, absent, seen: audit.of(id).map((one) => `${one.status} ${one.subject}: ${one.message}`) }]
          : [];
      });
    expect(missed).toEqual([]);
    expect(audit.caused).toMatchObject({ connections: 1, commands: 1 });
    expect(audit.of('host.security-updates')[0]?.seen).toMatch(/^sudo \S+ -> 999:1\.0$/);
  });

  it('passes on the hardened host', async () => {
    const audit = await auditHost(hardened, { checks: mine, options: DECLARED });
    const amiss = mine
      .filter((check) => audit.status(check.id) !== 'pass')
      .map((check) => ({
        id: check.id,
        seen: audit.of(check.id).map((one) => `${one.status} ${one.subject}: ${one.message}`),
      }));
    expect(amiss).toEqual([]);
  });

  it('says which tool is missing where one is, and passes nothing that it could not see', async () => {
    await hardened.exec(
      'rm -f /usr/bin/apt /usr/bin/apt-get /usr/bin/df /usr/bin/find /usr/bin/supervisorctl /usr/local/sbin/auditctl',
    );
    const audit = await auditHost(hardened, { checks: mine, options: DECLARED });
    const reasons: Record<string, RegExp> = {
      'host.security-updates': /none of apt/,
      'host.disk': /df/,
      'host.inodes': /df/,
      'host.suid': /no "find"/,
      'host.world-writable': /no "find"/,
      'host.tls-key-permissions': /with find/,
      'host.supervisor': /supervisorctl is not there/,
    };
    for (const [id, reason] of Object.entries(reasons)) {
      expect(audit.status(id), id).toBe('unknown');
      expect(audit.of(id)[0]?.message, id).toMatch(reason);
    }
  });
}, ['supervisor', 'rsyslog']);
