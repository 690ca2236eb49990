import type { Finding } from '../core/finding.ts';
import type { Severity } from '../core/severity.ts';
import { workflowData, workflowProperty } from './escape.ts';
import { sentence } from './summary.ts';

const COMMANDS: Record<Severity, string> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'notice',
  info: 'notice',
};

/** GitHub workflow commands, one line a finding: they show beside the lines of a change. */
export function githubAnnotations(findings: readonly { target: string; finding: Finding }[]): string {
  return findings
    .map(({ target, finding }) => {
      const { file, line } = finding.location ?? {};
      const place = file === undefined ? '' : `file=${workflowProperty(file)},line=${line ?? 1},`;
      const title = workflowProperty(`${finding.check} (${finding.severity})`);
      const fix = finding.remediation === undefined ? '' : `\n${finding.remediation}`;
      const text = workflowData(`${target}: ${sentence(finding)}${fix}`);
      return `::${COMMANDS[finding.severity]} ${place}title=${title}::${text}\n`;
    })
    .join('');
}
