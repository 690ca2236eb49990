import { defineCheck } from '../../src/core/check.ts';
import { examplePermissions } from '../../src/core/facts/examples-permissions.ts';
import { fail, notApplicable, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'host.tls-key-permissions',
  title: 'Private keys of servers are readable by their owner alone',
  category: 'host',
  severity: 'high',
  since: '0.1.0',
  rationale: 'Whoever reads the key can pretend to be the server and, without forward secrecy, read recorded traffic.',
  remediation:
    'chmod 600 KEY && chown root:root KEY (nginx and others read it as root before they drop rights), and replace a key that was readable by others.',
  references: ['CIS NGINX Benchmark', 'https://wiki.debian.org/Self-Signed_Certificate'],
  needs: ['host.permissions'],
  evaluate({ 'host.permissions': { files, complete } }) {
    const keys = files.filter((file) => file.purpose === 'tls-key');
    const open = keys.filter((file) => (file.mode & 0o037) !== 0);
    if (open.length === 0 && !complete)
      return unknown('', 'the directories where private keys lie could not be searched: only root can, and with find');
    if (keys.length === 0) return notApplicable('no private key lies in the usual places');
    return outcomesOr(
      open.map((file) =>
        fail(
          file.path,
          `${file.path} is ${file.mode & 0o004 ? 'readable by everybody' : file.mode & 0o022 ? 'writable by others' : 'open to its group to more than reading'}`,
          {
            severity: file.mode & 0o006 ? 'high' : 'medium',
            seen: `${file.mode.toString(8).padStart(4, '0')} ${file.owner}:${file.group}`,
            wanted: '0600, or 0640 for a group of its own',
          },
        ),
      ),
      pass(`${keys.length} private keys are closed to others`),
    );
  },
  examples: [
    {
      name: 'closed',
      facts: {
        'host.permissions': examplePermissions(
          'tls-key',
          '600 root:root /etc/ssl/private/shop.key',
          '640 root:ssl-cert /etc/ssl/private/snakeoil.key',
        ),
      },
      status: 'pass',
    },
    {
      name: 'open to everybody',
      facts: { 'host.permissions': examplePermissions('tls-key', '644 root:root /etc/nginx/ssl/shop.key') },
      status: 'fail',
      subjects: ['/etc/nginx/ssl/shop.key'],
      severity: 'high',
    },
    { name: 'no keys', facts: { 'host.permissions': examplePermissions('tls-key') }, status: 'not-applicable' },
    { name: 'without root', facts: { 'host.permissions': { files: [], complete: false } }, status: 'unknown' },
  ],
});
