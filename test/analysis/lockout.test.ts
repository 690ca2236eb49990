import { describe, expect, it } from 'vitest';
import { forecastLogin, type LoginWay } from '../../src/analysis/lockout.ts';
import { withForecasts } from '../../src/analysis/lockout-advice.ts';
import { exampleHostSshd, exampleLogin, exampleSshd } from '../../src/core/facts/examples-ssh.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { HostTarget } from '../../src/core/target.ts';

const audit: LoginWay = { user: 'audit', method: 'publickey', groups: null, address: null };

describe('a forecast', () => {
  it('is unknown where it hangs on something that nobody told', () => {
    expect(forecastLogin(exampleHostSshd(), { allowgroups: ['ssh-users'] }, audit).verdict).toBe('unknown');
    expect(
      forecastLogin(exampleHostSshd({}, null), { passwordauthentication: ['no'] }, { ...audit, user: 'backup' })
        .verdict,
    ).toBe('unknown');
  });

  it('leaves a Match block that is about somebody else aside', () => {
    const sshd = exampleHostSshd({}, { pubkeyauthentication: 'no' });
    expect(forecastLogin(sshd, {}, audit).verdict).toBe('in');
    expect(forecastLogin(sshd, {}, { ...audit, user: 'backup' })).toMatchObject({ verdict: 'out' });
  });
});

const target: HostTarget = {
  ...{ kind: 'host', id: 'h', name: 'h', service: null, environment: 'test', labels: {} },
  ...{ transport: 'ssh', firewall: { allow: [443], from: 'outside' } },
  ssh: { user: 'root', host: '10.0.0.5', port: 22, sudo: false },
};
const failing = (check: string, subject = ''): Finding => ({
  ...{ fingerprint: 'f', check, title: 't', status: 'fail', severity: 'high', subject, message: 'm' },
  ...{ category: 'ssh', references: ['r'], waiver: null, remediation: 'Do it.' },
});
const found = <T>(value: T) => ({ ok: true as const, value, at: 0, ms: 0 });
const agreed = { kex: 'curve25519-sha256', cipher: 'aes128-cbc', mac: 'hmac-sha2-256' };
const facts = {
  'host.sshd': found(exampleHostSshd({ permitrootlogin: 'yes', allowusers: [] })),
  login: found({ ...exampleLogin({ type: 'ssh-rsa' }), agreed }),
  sshd: found(exampleSshd({ hostKeyAlgorithms: ['ssh-rsa', 'ssh-dss'] })),
};

describe('the advice of a finding', () => {
  it.each([
    ['ssh.root-login', '', 'out', 'PermitRootLogin no'],
    ['ssh.password-authentication', '', 'in', ''],
    ['ssh.kex', 'diffie-hellman-group1-sha1', 'in', 'curve25519-sha256'],
    ['ssh.ciphers', 'aes128-cbc', 'unknown', 'aes128-cbc'],
    ['ssh.host-key-algorithms', 'ssh-rsa', 'out', 'could no longer be shown'],
    ['firewall.default-deny', '', 'out', 'port 22'],
  ])('%s %s: the log-in of the audit is %s', (check, subject, verdict, why) => {
    const [finding] = withForecasts([failing(check, subject)], target, facts);
    expect(finding?.details?.lockout).toEqual([{ who: 'root by key', verdict, why: expect.stringContaining(why) }]);
    expect(finding?.remediation).toMatch(/^Do it\. .*root by key/);
  });

  it.each([
    [{ user: 'root', groups: ['root', 'ssh-users'], address: '192.0.2.7' }, 'in', /would still get in/],
    [{ user: 'root', groups: ['root'], address: null }, 'out', /locked out: AllowGroups names no group of the user/],
    [{ user: 'somebody', groups: ['ssh-users'], address: null }, 'unknown', /nobody knows the user's groups/],
  ])('a list of groups: %o is %s', (account, verdict, sentence) => {
    const settings = { ...exampleHostSshd({ permitrootlogin: 'yes', allowusers: [] }), account };
    const [finding] = withForecasts([failing('ssh.allow-list')], target, { ...facts, 'host.sshd': found(settings) });
    expect(finding?.details?.lockout).toMatchObject([{ verdict }]);
    expect(finding?.remediation).toMatch(sentence);
  });

  it('says nothing where nobody logs in or nothing is advised', () => {
    const plain = [failing('ssh.max-auth-tries'), { ...failing('ssh.root-login'), status: 'pass' as const }];
    expect(withForecasts(plain, target, facts)).toEqual(plain);
    const local: HostTarget = { ...target, transport: 'local', ssh: null };
    expect(withForecasts([failing('ssh.root-login')], local, facts)).toEqual([failing('ssh.root-login')]);
  });
});
