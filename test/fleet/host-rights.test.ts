import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderInstalledScript } from '../../src/probes/host/index.ts';
import { auditHost, HOST_CHECKS } from './lab/audit-host.ts';
import { describeLab } from './lab/available.ts';
import { run } from './lab/host.ts';
import { goodState } from './lab/host-state.ts';
import { createLab, type Lab, type LabHost } from './lab/index.ts';

const docs = readFileSync(join(import.meta.dirname, '../../docs/hosts.md'), 'utf8');
/** The lines of the documentation, word for word; a test host has no other rule. */
const SUDOERS = /# \/etc\/sudoers\.d\/seaworthy[^\n]*\n([\s\S]*?)```/.exec(docs)?.[1] ?? '';
/** What only root can see of a host. */
const ROOT_ONLY = [
  'host.audit-logging',
  'host.empty-passwords',
  'host.sudo-nopasswd',
  'host.suid',
  'host.supervisor',
  'host.tls-key-permissions',
  'host.world-writable',
];
const checks = HOST_CHECKS.filter((check) => check.id !== 'host.plain-env-secrets');
const options = { 'host.accounts': { allow: ['root', 'audit'] } };
/** The recorded answers stand elsewhere than the real programs do, and a host has what it has. */
const linesOf = () => SUDOERS.replaceAll('/usr/sbin/auditctl', '/usr/local/sbin/auditctl');

describeLab('rights on a host', () => {
  let lab: Lab;
  let host: LabHost;
  const forced = (command: string) =>
    host.exec(
      `sed -i '/ audit$/s|^.*ssh-ed25519|restrict,command="${command}" ssh-ed25519|' /home/audit/.ssh/authorized_keys`,
    );
  const sudoers = (text: string) =>
    host.exec(
      'rm -f /etc/sudoers.d/*; cat > /etc/sudoers.d/seaworthy; chmod 440 /etc/sudoers.d/seaworthy; visudo -cf /etc/sudoers.d/seaworthy',
      { stdin: text },
    );
  const problems = (audit: Awaited<ReturnType<typeof auditHost>>) =>
    checks
      .filter((check) => audit.status(check.id) !== 'pass')
      .map((check) => `${check.id}: ${audit.of(check.id).map((one) => `${one.status} ${one.message}`)}`);

  beforeAll(async () => {
    lab = await createLab();
    host = await lab.host({ name: 'hardened', profile: 'hardened', setup: goodState });
  });
  afterAll(() => lab?.destroy());

  it('without root: says of each check that only root can look, and judges the rest', async () => {
    const audit = await auditHost(host, { sudo: false, checks, options });
    const notPassed = checks.filter((check) => audit.status(check.id) !== 'pass').map((check) => check.id);
    expect(notPassed.sort()).toEqual(ROOT_ONLY);
    for (const id of ROOT_ONLY) {
      expect(audit.status(id), id).toBe('unknown');
      expect(
        audit
          .of(id)
          .map((one) => one.message)
          .join(),
        id,
      ).toMatch(/only root can/);
    }
  });

  it('denied: sudo is allowed by us and refused by the host, which is the same and no incident', async () => {
    await sudoers('# nothing\n');
    const audit = await auditHost(host, { checks, options });
    expect(
      checks
        .filter((check) => audit.status(check.id) === 'unknown')
        .map((check) => check.id)
        .sort(),
    ).toEqual(ROOT_ONLY);
    expect(checks.filter((check) => audit.status(check.id) === 'fail')).toEqual([]);
  });

  it('with the sudoers lines of the documentation and nothing more: every check passes', async () => {
    expect(SUDOERS).toContain('NOPASSWD: /usr/sbin/sshd -T');
    await sudoers(linesOf());
    expect(problems(await auditHost(host, { checks, options }))).toEqual([]);
  });

  it.each([
    'cat /etc/shadow',
    'cat /etc/ssh/sshd_config /etc/shadow',
    'find / -delete',
    'find / -xdev -path /var/lib/docker -prune -o -exec id {} +',
    'grep -rH . /etc/sudoers /etc/sudoers.d /etc/shadow',
    'sshd -T -f /etc/shadow',
    'sshd -T -C user=root -f /etc/shadow',
    'supervisorctl stop all',
    'auditctl -D',
    'iptables-save -f /etc/passwd',
    'ss -Htulnp -K',
  ])('and those lines do not allow: %s', async (command) => {
    await sudoers(linesOf());
    const { code } = await host.exec(`sudo -n ${command}`, { user: 'audit', check: false });
    expect(code).not.toBe(0);
    const listed = await host.exec(`sudo -n -l -- ${command}`, { user: 'audit', check: false });
    expect(listed.code).not.toBe(0);
  });

  it('behind a forced command: the same audit, and nothing else', async () => {
    await sudoers(linesOf());
    await host.exec('cat > /usr/local/bin/seaworthy-host-script; chmod 755 /usr/local/bin/seaworthy-host-script', {
      stdin: renderInstalledScript({ sudo: true }),
    });
    await forced('/usr/local/bin/seaworthy-host-script');
    const audit = await auditHost(host, { checks, options });
    expect(problems(audit)).toEqual([]);
    expect(audit.caused).toMatchObject({ connections: 1, commands: 1 });
    // The program ssh gets no echo from it, and goes on all the same.
    const byProgram = await auditHost(host, { checks, options, ssh: { transport: 'openssh' } });
    expect(problems(byProgram)).toEqual([]);
    expect(byProgram.caused).toMatchObject({ connections: 1, commands: 1 });
    // Only what is asked for runs: without the two checks there is no search.
    const quick = await auditHost(host, { checks: checks.filter((check) => check.id === 'host.uid0'), options });
    expect(quick.status('host.uid0')).toBe('pass');
    const login = ['-i', host.identity, '-o', `UserKnownHostsFile=${host.knownHosts}`, '-o', 'BatchMode=yes'];
    const other = await run('ssh', [...login, `audit@${host.address}`, 'touch /tmp/owned; echo pwned'], {
      check: false,
    });
    expect(other.stdout).toMatch(/^seaworthy-host-script sw-/);
    expect(other.stdout).not.toContain('pwned');
    expect((await host.exec('ls /tmp')).stdout).not.toContain('owned');
  });

  it('behind a forced command as root: one sudoers line for one program', async () => {
    await sudoers('audit ALL=(root) NOPASSWD: /usr/local/bin/seaworthy-host-script ""\n');
    await forced('sudo -n /usr/local/bin/seaworthy-host-script');
    expect(problems(await auditHost(host, { checks, options, sudo: false }))).toEqual([]);
  });

  it('says which part an older installed script lacks', async () => {
    await host.exec(
      "sed -i '/^asked host.swap /,/^. *$/{s/^asked host.swap && section host.swap/false \\&\\& section x/}' /usr/local/bin/seaworthy-host-script",
    );
    const audit = await auditHost(host, { checks, options, sudo: false });
    expect(audit.of('host.swap-encryption')[0]).toMatchObject({
      status: 'unknown',
      message: expect.stringContaining('installed on the host has no part "host.swap"'),
    });
  });
}, ['supervisor', 'rsyslog']);
