import { defineCheck } from '../../src/core/check.ts';
import { exampleLogin } from '../../src/core/facts/examples-ssh.ts';
import { fail, notApplicable, pass, unknown } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'ssh.host-key-pinned',
  title: 'The host key is the expected one',
  category: 'ssh',
  severity: 'critical',
  since: '0.1.0',
  rationale:
    'A changed host key means that this is another machine, a machine that was set up anew, or somebody in between. No log-in is tried before it is known which.',
  remediation:
    'Find out why: on the host itself, ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub. Where the change was meant, put the new fingerprint into hostKey or the new line into known_hosts; where nobody knows of one, treat it as a break-in.',
  references: ['RFC 4251, section 4.1', 'https://man.openbsd.org/sshd#SSH_KNOWN_HOSTS_FILE_FORMAT'],
  needs: ['login'],
  evaluate({ login }, { target }) {
    const { hostKey } = login;
    const seen = `${hostKey.type} ${hostKey.fingerprint}`;
    const wanted = hostKey.expected.join(' or ') || undefined;
    switch (hostKey.status) {
      case 'match':
        return pass(`the ${hostKey.type} key is the one of ${hostKey.source}`, { seen });
      case 'changed':
        return fail('', `the host key has changed (expected by ${hostKey.source})`, {
          seen,
          ...(wanted ? { wanted } : {}),
        });
      case 'revoked':
        return fail('', `the host key is marked as revoked (${hostKey.source})`, { seen });
      case 'unknown':
        return target.kind === 'endpoint'
          ? notApplicable('no host key is expected of this endpoint: set hostKey or knownHosts', { seen })
          : unknown(
              '',
              "nothing is known of this host's key, so no log-in was tried: set hostKey or add it to known_hosts",
              { seen },
            );
    }
  },
  examples: [
    { name: 'the expected key', facts: { login: exampleLogin() }, target: { kind: 'host' }, status: 'pass' },
    {
      name: 'another key',
      facts: { login: exampleLogin({ status: 'changed', fingerprint: 'SHA256:another' }) },
      target: { kind: 'host' },
      status: 'fail',
      severity: 'critical',
    },
    {
      name: 'a revoked key',
      facts: { login: exampleLogin({ status: 'revoked' }) },
      target: { kind: 'host' },
      status: 'fail',
    },
    {
      name: 'a host that nobody enrolled',
      facts: { login: exampleLogin({ status: 'unknown', expected: [], source: null }) },
      target: { kind: 'host' },
      status: 'unknown',
    },
    {
      name: 'an endpoint without an expectation',
      facts: { login: exampleLogin({ status: 'unknown', expected: [], source: null }) },
      status: 'not-applicable',
    },
  ],
});
