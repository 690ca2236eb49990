import { ladderEvidence, RUNGS } from '../../src/analysis/secret-ladder.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleHostSecrets } from '../../src/core/facts/examples-host-secrets.ts';
import { exampleLeak, exampleLeaks } from '../../src/core/facts/examples-leaks.ts';
import { fail, notApplicable, pass, unknown } from '../../src/core/outcome.ts';

const held = { names: ['DB_PASSWORD'], leaks: [] };

export default defineCheck({
  id: 'secrets.ladder',
  title: 'Secrets come from a manager, best of all short-lived ones',
  category: 'secrets',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'Hard-coded secrets are everybody’s; plain environment variables show in container configurations, lists of processes and crash dumps; a manager keeps, audits and rotates them; dynamic ones are worth nothing an hour later.',
  remediation:
    'Climb one rung: from code to the environment, from the environment to a manager that hands out files at start (LoadCredential=, /run/secrets, an agent), from there to credentials made per program and hour.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html',
    'https://developer.hashicorp.com/vault/docs/secrets/databases',
    'https://systemd.io/CREDENTIALS/',
  ],
  on: ['host', 'repository'],
  needs: [],
  wants: ['leaks', 'host.secrets'],
  evaluate({ leaks, 'host.secrets': host }, { now }) {
    if (!leaks && !host) return unknown('', 'neither the files nor the host could be looked at');
    const evidence = ladderEvidence({ ...(leaks ? { tree: leaks } : {}), ...(host ? { host } : {}) }, now);
    const rung = RUNGS.find((one) => evidence.some((seen) => seen.rung === one));
    if (rung === undefined) {
      if (host && !host.complete) return unknown('', 'only root can see the environments of programs');
      return notApplicable('no handling of secrets is seen here');
    }
    const shown = evidence.filter((seen) => seen.rung === rung).map(({ what }) => what);
    const better = RUNGS.slice(RUNGS.indexOf(rung) + 1).filter((one) => evidence.some((seen) => seen.rung === one));
    const details = { rung, evidence: evidence.slice(0, 50), alsoSeen: better };
    const by = `${shown.slice(0, 3).join('; ')}${shown.length > 3 ? `; and ${shown.length - 3} more` : ''}`;
    if (rung === 'manager' || rung === 'dynamic') return pass(`the lowest rung in sight: ${rung} (${by})`, { details });
    const above = better.length > 0 ? `, although ${better.join(' and ')} is in use too` : '';
    return fail('', `the lowest rung in sight: ${rung} (${by})${above}`, {
      severity: rung === 'hardcoded' ? 'medium' : 'low',
      seen: rung,
      wanted: 'manager or dynamic',
      details,
    });
  },
  examples: [
    {
      name: 'an agent hands out short-lived ones',
      facts: { 'host.secrets': exampleHostSecrets({ dynamic: ['vault'] }) },
      status: 'pass',
    },
    {
      name: 'a token in the source',
      facts: { leaks: exampleLeaks({ leaks: [exampleLeak()] }) },
      status: 'fail',
      severity: 'medium',
    },
    {
      name: 'a password in an environment, beside an agent',
      facts: {
        'host.secrets': exampleHostSecrets({
          processes: [{ command: 'node', user: 'shop', ...held }],
          managers: ['systemd-credentials'],
        }),
      },
      status: 'fail',
      severity: 'low',
    },
    {
      name: 'credentials that systemd hands over',
      facts: { 'host.secrets': exampleHostSecrets({ managers: ['systemd-credentials'] }) },
      status: 'pass',
    },
    { name: 'nothing in sight', facts: { leaks: exampleLeaks() }, status: 'not-applicable' },
    { name: 'nobody could look', facts: {}, status: 'unknown' },
  ],
});
