import { defineCheck } from '../../src/core/check.ts';
import { exampleHostSecrets } from '../../src/core/facts/examples-host-secrets.ts';
import { fail, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

const held = { names: ['DB_PASSWORD'], leaks: [] };

export default defineCheck({
  id: 'host.plain-env-secrets',
  title: 'No credential stands in units, environments, container configurations or shell histories',
  category: 'host',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'The environment of a program is copied to its children, to crash dumps and to error reports, and whoever may list containers or units reads it.',
  remediation:
    'Hand secrets over as files that only the program can read: LoadCredential= (systemd), secrets of the container runtime (/run/secrets), or an agent of a secrets manager. Clear the lines from histories and replace what stood there.',
  references: [
    'https://systemd.io/CREDENTIALS/',
    'https://cwe.mitre.org/data/definitions/526.html',
    'https://docs.docker.com/compose/how-tos/use-secrets/',
  ],
  needs: ['host.secrets'],
  evaluate({ 'host.secrets': { units, processes, containers, histories, complete } }) {
    const outcomes: Outcome[] = [
      ...units.map(({ path, names, leaks }) =>
        fail(path, `${path} has ${list(names)} in plain text`, { location: { file: path }, details: { names, leaks } }),
      ),
      ...containers.map(({ name, names, leaks }) =>
        fail(`container ${name}`, `the configuration of container ${name} has ${list(names)} in plain text`, {
          details: { names, leaks },
        }),
      ),
      ...processes.map(({ command, user, names, leaks }) =>
        fail(`${command} (${user})`, `${command}, run by ${user}, has ${list(names)} in its environment`, {
          severity: 'medium',
          details: { names, leaks },
        }),
      ),
      ...histories.map(({ path, count }) =>
        fail(path, `${path} has ${count} line${count === 1 ? '' : 's'} with a credential`, {
          severity: 'medium',
          location: { file: path },
          details: { count },
        }),
      ),
    ].slice(0, 300);
    if (!complete) {
      outcomes.push(unknown('other accounts', 'only root can read the environments and histories of other accounts'));
    }
    return outcomesOr(outcomes, pass('no credential in units, environments, container configurations or histories'));
  },
  examples: [
    { name: 'none', facts: { 'host.secrets': exampleHostSecrets() }, status: 'pass' },
    {
      name: 'a password in a unit',
      facts: { 'host.secrets': exampleHostSecrets({ units: [{ path: '/etc/systemd/system/shop.service', ...held }] }) },
      status: 'fail',
      subjects: ['/etc/systemd/system/shop.service'],
      severity: 'high',
    },
    {
      name: 'a password in an environment and in a history',
      facts: {
        'host.secrets': exampleHostSecrets({
          processes: [{ command: 'node', user: 'shop', ...held }],
          histories: [{ path: '/root/.bash_history', count: 2 }],
        }),
      },
      status: 'fail',
      subjects: ['node (shop)', '/root/.bash_history'],
      severity: 'medium',
    },
    { name: 'without root', facts: { 'host.secrets': exampleHostSecrets({ complete: false }) }, status: 'unknown' },
  ],
});

function list(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}
