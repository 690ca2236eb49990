import { defineCheck } from '../../src/core/check.ts';
import { exampleHostSecrets, exampleReadable } from '../../src/core/facts/examples-host-secrets.ts';
import { fail, outcomesOr, pass } from '../../src/core/outcome.ts';

const KINDS = {
  'private-key': { what: 'holds a private key without a passphrase', severity: 'high' },
  'encrypted-key': { what: 'holds a private key, whose passphrase can be tried at leisure', severity: 'medium' },
  store: { what: 'is a key store, whose password can be tried at leisure', severity: 'medium' },
  settings: { what: 'holds credentials', severity: 'high' },
  credentials: { what: 'holds log-ins', severity: 'high' },
} as const;

export default defineCheck({
  id: 'secrets.host-files',
  title: 'No key and no settings file on the host is readable by everybody',
  category: 'secrets',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'One web application that can be made to show a file, or one account that was guessed, and every secret that everybody may read is gone too.',
  remediation:
    'chmod 600 FILE && chown ACCOUNT FILE, for the one account that needs it; then replace what was readable, because nobody knows who has read it.',
  references: [
    'https://cwe.mitre.org/data/definitions/732.html',
    'https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html',
  ],
  needs: ['host.secrets'],
  evaluate({ 'host.secrets': { readable } }) {
    return outcomesOr(
      readable.slice(0, 200).map(({ path, kind, mode, owner, names, leaks }) => {
        const shown =
          names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
        return fail(
          path,
          `${path} ${KINDS[kind].what}${shown === '' ? '' : ` (${shown})`} and is readable by everybody`,
          {
            severity: KINDS[kind].severity,
            seen: `${mode.toString(8).padStart(4, '0')} ${owner}`,
            wanted: '0600, owned by the account that needs it',
            location: { file: path },
            details: { kind, names, leaks },
          },
        );
      }),
      pass('no key, key store or file of settings with credentials is readable by everybody'),
    );
  },
  examples: [
    { name: 'nothing open', facts: { 'host.secrets': exampleHostSecrets() }, status: 'pass' },
    {
      name: 'an environment file that everybody can read',
      facts: { 'host.secrets': exampleHostSecrets({ readable: [exampleReadable] }) },
      status: 'fail',
      subjects: ['/srv/shop/.env'],
      severity: 'high',
    },
    {
      name: 'a key with a passphrase that everybody can read',
      facts: {
        'host.secrets': exampleHostSecrets({
          readable: [{ ...exampleReadable, path: '/home/ana/id_rsa', kind: 'encrypted-key', names: [], leaks: [] }],
        }),
      },
      status: 'fail',
      severity: 'medium',
    },
  ],
});
