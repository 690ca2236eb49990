import { onEveryNode } from '../../src/analysis/nodes.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleExposed } from '../../src/core/facts/examples.ts';
import type { ExposedView } from '../../src/core/facts/exposed.ts';
import { fail, type Outcome, type Outcomes, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';
import { EXPOSED_FILES } from '../../src/knowledge/exposed-files.ts';

const found = (rule: string, path: string, proof: string) => ({
  exposed: exampleExposed({ found: [{ rule, path, url: `https://shop.example${path}`, status: 200, proof }] }),
});

export default defineCheck({
  id: 'secrets.exposed-files',
  title: 'No file with secrets or source is served by mistake',
  category: 'secrets',
  severity: 'critical',
  since: '0.1.0',
  rationale:
    'Robots ask every host for these files all day long; one environment file, repository or backup within reach gives away passwords, keys and data.',
  remediation:
    'Take the file out of the document root, refuse what begins with a dot (nginx: location ~ /\\.(?!well-known) { deny all; }), and treat every secret in it as known: revoke and replace it.',
  references: [
    'https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/02-Configuration_and_Deployment_Management_Testing/04-Review_Old_Backup_and_Unreferenced_Files_for_Sensitive_Information',
  ],
  needs: ['exposed'],
  evaluate({ exposed }) {
    const nodes = [{ address: exposed.address ?? '', view: exposed }, ...exposed.others].map((node) =>
      'view' in node ? { address: node.address, facts: node.view } : node,
    );
    return onEveryNode(nodes, judge);
  },
  examples: [
    { name: 'nothing found', facts: { exposed: exampleExposed() }, status: 'pass' },
    {
      name: 'an environment file',
      facts: found('dotenv', '/.env', 'APP_KEY=(redacted) DB_PASSWORD=(redacted)'),
      status: 'fail',
      subjects: ['/.env'],
      severity: 'critical',
    },
    {
      name: 'a git repository',
      facts: found('git', '/.git/HEAD', 'ref: refs/heads/main'),
      status: 'fail',
      severity: 'critical',
    },
    {
      name: 'counters of the web server',
      facts: found('stub-status', '/nginx_status', 'Active connections: 3'),
      status: 'fail',
      severity: 'low',
    },
    {
      name: 'a server that answers 200 to everything',
      facts: { exposed: exampleExposed({ control: { status: 200, soft: true } }) },
      status: 'pass',
    },
    {
      name: 'a repository on one of two nodes',
      facts: {
        exposed: exampleExposed({
          others: [{ address: '192.0.2.2:443', view: found('git', '/.git/HEAD', 'ref: refs/heads/main').exposed }],
        }),
      },
      status: 'fail',
      subjects: ['/.git/HEAD at 192.0.2.2:443'],
    },
    {
      name: 'some requests without an answer',
      facts: { exposed: exampleExposed({ unanswered: [{ path: '/.env', reason: 'the server answers 429' }] }) },
      status: 'unknown',
    },
  ],
});

function judge(exposed: ExposedView): Outcomes {
  const outcomes: Outcome[] = exposed.found.map(({ rule, path, url, proof, leaks = [] }) => {
    const known = EXPOSED_FILES.find((one) => one.id === rule);
    const kinds = [...new Set(leaks.map(({ title }) => title))];
    const more = kinds.length > 3 ? ' and more' : '';
    const holds = kinds.length === 0 ? '' : `; in it a ${kinds.slice(0, 3).join(', a ')}${more}`;
    return fail(path, `${url} serves ${known?.what ?? 'a file that should not be there'}${holds}`, {
      seen: proof,
      wanted: '404 or 403',
      severity: known?.severity ?? 'critical',
      details: { rule, url, leaks: leaks.map(({ fingerprint }) => fingerprint) },
    });
  });
  const [first] = exposed.unanswered;
  if (first) {
    const others = exposed.unanswered.length - 1;
    const subject = others === 0 ? first.path : `${first.path} and ${others} more`;
    outcomes.push(
      unknown(subject, `no answer: ${first.reason}`, {
        details: { paths: exposed.unanswered.map(({ path }) => path) },
      }),
    );
  }
  const soft = exposed.control.soft
    ? ' (paths that do not exist are answered with 200 here, so content was compared)'
    : '';
  return outcomesOr(
    outcomes,
    pass(`none of the usual files is served${soft}`, { details: { requests: exposed.requests } }),
  );
}
