import type { Finding } from '../core/finding.ts';
import type { AuditReport, TargetReport } from '../core/report.ts';
import { xml } from './escape.ts';
import { sentence } from './summary.ts';

export interface JunitOptions {
  /** Which failures count; those that do not are shown as skipped. All of them where not given. */
  counts?(finding: Finding, target: TargetReport): boolean;
}

/**
 * JUnit XML as Ant writes and Jenkins, GitLab and others read it: a suite per target, a case per finding, at most one
 * child per case. What could not be looked at is skipped with its reason, which readers show, and never a pass.
 */
export function junitReport(report: AuditReport, options: JunitOptions = {}): string {
  const suites = report.targets.map((target, index) => suite(target, index, report.generatedAt, options));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`;
}

function suite(
  target: TargetReport,
  index: number,
  generatedAt: string,
  { counts = () => true }: JunitOptions,
): string {
  const failed = target.findings.filter((one) => one.status === 'fail' && counts(one, target)).length;
  const passed = target.findings.filter((one) => one.status === 'pass').length;
  const attributes = [
    `name="${xml(target.name)}"`,
    `package="${xml(target.kind)}"`,
    `id="${index}"`,
    `timestamp="${generatedAt.slice(0, 19)}"`,
    'hostname="localhost"',
    `tests="${target.findings.length}"`,
    `failures="${failed}"`,
    'errors="0"',
    `skipped="${target.findings.length - failed - passed}"`,
    `time="${((target.durationMs ?? 0) / 1000).toFixed(3)}"`,
  ];
  const properties = [
    ['target', target.id],
    ['grade', target.grade ?? 'none'],
    ['score', String(target.score ?? 'none')],
    ['coverage', String(target.coverage)],
  ].map(([name = '', value = '']) => `      <property name="${name}" value="${xml(value)}"/>\n`);
  return [
    `  <testsuite ${attributes.join(' ')}>\n`,
    `    <properties>\n${properties.join('')}    </properties>\n`,
    ...target.findings.map((finding) => testcase(finding, target, counts)),
    '    <system-out></system-out>\n    <system-err></system-err>\n  </testsuite>\n',
  ].join('');
}

function testcase(finding: Finding, target: TargetReport, counts: NonNullable<JunitOptions['counts']>): string {
  const name = finding.subject === '' ? finding.check : `${finding.check} [${finding.subject}]`;
  const start = `    <testcase name="${xml(name)}" classname="${xml(`${target.id}.${finding.category}`)}" time="0"`;
  const message = xml(sentence(finding));
  switch (finding.status) {
    case 'pass':
      return `${start}/>\n`;
    case 'fail':
      if (!counts(finding, target)) return `${start}><skipped message="known: ${message}"/></testcase>\n`;
      return `${start}><failure message="${message}" type="${finding.severity}">${xml(evidence(finding))}</failure></testcase>\n`;
    case 'waived':
      return `${start}><skipped message="waived until ${xml(finding.waiver?.until ?? '')}: ${message}"/></testcase>\n`;
    case 'unknown':
      return `${start}><skipped message="could not look: ${message}"/></testcase>\n`;
    default:
      return `${start}><skipped message="not applicable: ${message}"/></testcase>\n`;
  }
}

function evidence(finding: Finding): string {
  const { seen, wanted, remediation, references } = finding;
  return [
    finding.message,
    seen && `seen: ${seen}`,
    wanted && `wanted: ${wanted}`,
    remediation && `fix: ${remediation}`,
    ...references,
  ]
    .filter(Boolean)
    .join('\n');
}
