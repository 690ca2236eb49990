import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AbsentError } from '../../../src/core/collected.ts';
import { fail2banSection } from '../../../src/probes/host/fail2ban.ts';
import { firewallSection } from '../../../src/probes/host/firewall.ts';
import { listenSection, readProc, readSs } from '../../../src/probes/host/listen.ts';
import { maintenanceSection } from '../../../src/probes/host/maintenance.ts';
import { SECTIONS } from '../../../src/probes/host/sections.ts';
import { servicesSection } from '../../../src/probes/host/services.ts';
import { sudoSection } from '../../../src/probes/host/sudo.ts';
import { readApk, readApt, readDnf, updatesSection } from '../../../src/probes/host/updates.ts';
import { usersSection } from '../../../src/probes/host/users.ts';

const output = (stdout: string, more: Partial<Parameters<typeof usersSection.parse>[0]> = {}) => ({
  stdout,
  stderr: '',
  exitCode: 0,
  truncated: false,
  root: true,
  ...more,
});
const part = (name: string, text: string, rc?: number | 'missing') =>
  `\n@@ ${name}\n${text}\n${rc === undefined ? '' : `@rc ${rc}\n`}`;

function absenceOf(look: () => unknown): AbsentError['absence'] {
  try {
    look();
  } catch (thrown) {
    if (thrown instanceof AbsentError) return thrown.absence;
    throw thrown;
  }
  throw new Error('it gave a fact');
}

describe('pending updates', () => {
  // Recorded on Debian 12; the Ubuntu lines are written after apt's own format.
  it.each([
    ['apt/oldstable-security 2.6.2 amd64 [upgradable from: 2.6.1]', true],
    ['base-files/oldstable 12.4+deb12u15 amd64 [upgradable from: 12.4+deb12u11]', false],
    ['openssl/jammy-updates,jammy-security 3.0.2-0ubuntu1.18 amd64 [upgradable from: 3.0.2-0ubuntu1.15]', true],
    ['libpq5/focal-apps-security 12.22-0ubuntu0.20.04.4+esm1 amd64 [upgradable from: 12.22-0ubuntu0.20.04.4]', true],
    ['vim/jammy-updates 2:8.3 amd64 [upgradable from: 2:8.2]', false],
  ])('apt: %s', (line, security) => {
    expect(readApt([line])).toMatchObject([{ security }]);
  });

  it('apt: takes names and versions, and nothing of what else it says', () => {
    expect(
      readApt([
        'WARNING: apt does not have a stable CLI interface. Use with caution in scripts.',
        'Listing...',
        'apt/oldstable-security 2.6.2 amd64 [upgradable from: 2.6.1]',
        'vim/stable 2:9.0 amd64 [installed]',
      ]),
    ).toEqual([{ name: 'apt', installed: '2.6.1', available: '2.6.2', security: true }]);
  });

  // As dnf's own code prints it (dnf/cli/output.py, commands/updateinfo.py); not run for real.
  it('dnf: joins the list with the advisories', () => {
    const lines = [
      'openssl.x86_64    1:3.0.7-27.el9    baseos',
      'vim-minimal.x86_64  2:8.2.2637-21.el9  baseos',
      'Obsoleting Packages',
      'grub2.x86_64 1:2 baseos',
    ];
    expect(readDnf(lines, ['RHSA-2026:1 Important/Sec. openssl-1:3.0.7-27.el9.x86_64'])).toEqual([
      { name: 'openssl', installed: null, available: '1:3.0.7-27.el9', security: true },
      { name: 'vim-minimal', installed: null, available: '2:8.2.2637-21.el9', security: false },
    ]);
    expect(readDnf(lines.slice(0, 1), null)[0]?.security).toBeNull();
    // What is wider than its column goes on in the next line.
    const wrapped = ['kernel-debug-modules-extra-matched.x86_64', '          5.14.0-570.el9  baseos', ...lines];
    expect(readDnf(wrapped, null).map(({ name }) => name)).toEqual([
      'kernel-debug-modules-extra-matched',
      'openssl',
      'vim-minimal',
    ]);
    // dnf 5 prints its advisories as a table.
    const table = [
      'Name          Type     Severity  Package  Issued',
      'RHSA-2026:1 security Important openssl-1:3.0.7-27.el9.x86_64 2026-01-02 03:04:05',
    ];
    expect(readDnf(lines, table).map(({ security }) => security)).toEqual([true, false]);
  });

  // As apk-tools' own code prints it (src/app_version.c); not run for real.
  it('apk: does not say which are for security', () => {
    expect(
      readApk([
        'Installed:                                Available:',
        'libcrypto3-3.1.4-r5                     < 3.1.4-r6',
      ]),
    ).toEqual([{ name: 'libcrypto3', installed: '3.1.4-r5', available: '3.1.4-r6', security: null }]);
  });

  it('empty lists are no good news', () => {
    expect(
      absenceOf(() => updatesSection.parse(output(part('apt', 'Reading package lists...', 0) + part('lists', '0')))),
    ).toMatchObject({ kind: 'unreadable', reason: expect.stringContaining('never ran') });
  });
});

describe('listening sockets', () => {
  // Recorded on Debian 12 with ss of iproute2 6.1.
  it.each([
    [
      'tcp   LISTEN 0      128          0.0.0.0:22         0.0.0.0:*    users:(("sshd",pid=1,fd=3))',
      { address: '0.0.0.0', port: 22, families: [4], processes: ['sshd'] },
    ],
    [
      'tcp   LISTEN 0      511                *:443              *:*    users:(("nginx",pid=9,fd=6),("nginx",pid=8,fd=6))',
      { address: '::', port: 443, families: [4, 6], processes: ['nginx'] },
    ],
    [
      'tcp   LISTEN 0      128             [::]:22            [::]:*',
      { address: '::', port: 22, families: [6], processes: [] },
    ],
    [
      'udp   UNCONN 0      0      127.0.0.53%lo:53         0.0.0.0:*',
      { protocol: 'udp', address: '127.0.0.53', device: 'lo' },
    ],
    [
      'tcp   LISTEN 0      5    [fe80::1]%eth0:631            [::]:*',
      { address: 'fe80::1', device: 'eth0', families: [6] },
    ],
  ])('%s', (line, socket) => {
    expect(readSs(line)).toMatchObject([socket]);
  });

  it('reads the tables of the kernel where there is no ss', () => {
    expect(
      readProc('   0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000   105', 'tcp', true),
    ).toMatchObject([{ address: '127.0.0.1', port: 5432, families: [4] }]);
    expect(
      readProc('   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A', 'tcp6', true),
    ).toMatchObject([{ address: '::', port: 22, families: [4, 6] }]);
    expect(
      readProc('   0: 00000000000000000000000001000000:0016 00000000000000000000000000000000:0000 0A', 'tcp6', true),
    ).toMatchObject([{ address: '::1', families: [6] }]);
    expect(readProc('   1: 0100007F:0016 0100007F:9999 01', 'tcp', true)).toEqual([]);
  });

  it('has no process names without root, and says so', () => {
    expect(
      listenSection.parse(output(part('ss', 'tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*', 0), { root: false }))
        .processesVisible,
    ).toBe(false);
  });
});

describe('accounts', () => {
  const passwd = part('passwd', 'root:x:0:0:root:/root:/bin/bash\nana:x:1000:1000::/home/ana:/bin/bash');
  it('takes the state of passwords, by passwd -S or from the reduced shadow', () => {
    const byTool = usersSection.parse(
      output(passwd + part('states', 'root L 2024-01-01 0 99999 7 -1\nana NP 2024-01-01 0 99999 7 -1', 0)),
    );
    expect(byTool.accounts.map((one) => one.password)).toEqual(['locked', 'none']);
    const byShadow = usersSection.parse(output(passwd + part('shadow', 'root:locked:\nana:set:y')));
    expect(byShadow.accounts.map((one) => [one.password, one.scheme])).toEqual([
      ['locked', null],
      ['set', 'y'],
    ]);
  });
  it('knows nothing of passwords without root', () => {
    const facts = usersSection.parse(output(passwd + part('states', '', 1), { root: false }));
    expect(facts.accounts.map((one) => one.password)).toEqual([null, null]);
    expect(facts.passwordsHidden).toMatch(/only root/);
  });
});

describe('the firewall section', () => {
  it('is denied without root, with the hint that ufw leaves', () => {
    const stdout =
      part('nft', '', 1) +
      part('v4', 'Fatal: you must be root', 4) +
      part('ufw', 'ENABLED=no\nDEFAULT_INPUT_POLICY="DROP"');
    expect(absenceOf(() => firewallSection.parse(output(stdout, { root: false })))).toEqual({
      kind: 'denied',
      reason: expect.stringContaining('ENABLED=no'),
    });
  });
  it('has no tool to ask, and does not call that "no rules"', () => {
    const stdout =
      part('nft', '', 'missing') +
      part('v4', '', 'missing') +
      part('v6', '', 'missing') +
      part('v4-names', '', 0) +
      part('modules', 'readable');
    expect(absenceOf(() => firewallSection.parse(output(stdout))).kind).toBe('missing-tool');
  });
  it('believes a kernel without any packet filter', () => {
    const stdout =
      part('nft', '', 'missing') + part('v4', '', 'missing') + part('v6', '', 'missing') + part('modules', 'readable');
    expect(firewallSection.parse(output(stdout))).toMatchObject({ nft: null, saved: [], unread: [] });
  });
  it('says that legacy tables are there and cannot be shown', () => {
    const stdout =
      part('nft', '{"nftables": []}', 0) +
      part('v4', '# Generated by iptables-save v1.8.9 (nf_tables) on x', 0) +
      part('v4-legacy', '', 'missing');
    expect(firewallSection.parse(output(stdout)).unread).toEqual([
      { source: 'iptables-legacy-save', reason: 'it is not installed' },
    ]);
  });
});

it('fail2ban: jails with what they read and do', () => {
  // Recorded with fail2ban 1.0.2.
  const stdout =
    part('status', 'Status\n|- Number of jail:\t1\n`- Jail list:\tsshd', 0) +
    part(
      'jail:sshd',
      'Status for the jail: sshd\n|- Filter\n|  |- Currently failed:\t0\n|  |- Total failed:\t12\n|  `- File list:\t/var/log/auth.log\n`- Actions\n   |- Currently banned:\t1\n   |- Total banned:\t1\n   `- Banned IP list:\t192.0.2.7',
      0,
    ) +
    part('actions:sshd', 'The jail sshd has the following actions:\nnftables-multiport', 0);
  expect(fail2banSection.parse(output(stdout)).jails).toEqual([
    {
      name: 'sshd',
      files: ['/var/log/auth.log'],
      journal: false,
      actions: ['nftables-multiport'],
      banned: 1,
      failed: 12,
    },
  ]);
});

it('systemd: failed units, with and without the dot of old versions', () => {
  // Written after systemctl(1); not run for real.
  const stdout =
    part('state', 'degraded', 1) +
    part('failed', 'backup.service loaded failed failed Nightly backup\n● old.mount loaded failed failed /old', 0);
  expect(servicesSection.parse(output(stdout)).failed.map((one) => one.unit)).toEqual(['backup.service', 'old.mount']);
  expect(absenceOf(() => servicesSection.parse(output(part('none', '')))).kind).toBe('not-applicable');
});

it('sudo: denied without root, and files that sudo ignores are left out', () => {
  expect(absenceOf(() => sudoSection.parse(output(part('rules', '', 2), { root: false }))).kind).toBe('denied');
  const facts = sudoSection.parse(
    output(part('rules', '/etc/sudoers:root  ALL=(ALL:ALL) ALL\n/etc/sudoers.d/x.bak:ALL ALL=NOPASSWD: ALL', 0)),
  );
  expect(facts.rules).toEqual([{ file: '/etc/sudoers', text: 'root ALL=(ALL:ALL) ALL' }]);
});

it('a newer kernel on the disk is a restart that is owed', () => {
  const stdout =
    part('kernel', '6.1.0-9-amd64') +
    part('kernels', '/boot/vmlinuz-6.1.0-9-amd64\n/boot/vmlinuz-6.1.0-28-amd64\n/boot/vmlinuz-0-rescue-1') +
    part('family', 'apt');
  expect(maintenanceSection.parse(output(stdout)).reboot).toMatchObject({
    required: true,
    newestKernel: '6.1.0-28-amd64',
  });
});

it.each(
  SECTIONS.filter((section) => section.key.startsWith('host.')).map((section) => ({ key: section.key, section })),
)('$key: noise gives a fact or a reason, never a crash', ({ section }) => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.string(),
          fc.constantFrom(
            '@@ nft',
            '@@ ss',
            '@@ passwd',
            '@@ status',
            '@rc 0',
            '@rc missing',
            '@@ apt',
            '{"nftables":[{"rule":{}}]}',
            'root:x:0:0:::',
          ),
        ),
      ),
      fc.boolean(),
      (lines, root) => {
        try {
          section.parse(output(lines.join('\n'), { root }));
        } catch (thrown) {
          if (!(thrown instanceof AbsentError)) throw thrown;
        }
      },
    ),
    { numRuns: 200 },
  );
});
