import type { ExposureRow } from '../core/exposure-table.ts';
import type { Finding } from '../core/finding.ts';
import type { AuditReport, TargetReport } from '../core/report.ts';
import { markdown, markdownCode, shorten } from './escape.ts';
import { EXPOSURE_WORDS, outsideText, processText, ruleTexts } from './exposure.ts';
import { costLine, countsLine, percent, sentence, withStatus } from './summary.ts';

const LONGEST = 300;

/** The report for a pull request or a wiki. */
export function markdownReport(report: AuditReport): string {
  return `${report.targets.map(target).join('\n\n')}\n`;
}

function target(report: TargetReport): string {
  const grade = report.grade === null ? 'no grade' : `${report.grade}, ${report.score}`;
  const lines = [`## ${markdown(report.name)}: ${grade}`, ''];
  lines.push(`Coverage ${percent(report.coverage)}. ${countsLine(report.findings)}.`);
  if (report.cappedBy !== null) lines.push(`Held down by ${markdownCode(report.cappedBy)}.`);
  if (report.categories.length > 0) {
    lines.push('', '| Category | Grade | Score | Coverage |', '|---|---|---:|---:|');
    for (const one of report.categories) {
      lines.push(`| ${one.id} | ${one.grade ?? '?'} | ${one.score ?? ''} | ${percent(one.coverage)} |`);
    }
  }
  lines.push(...portsTable(report.exposure ?? []));
  lines.push(...findingsTable('Failed', withStatus(report.findings, 'fail')));
  lines.push(...findingsTable('Could not look', withStatus(report.findings, 'unknown')));
  lines.push(...waived(withStatus(report.findings, 'waived')));
  const cost = costLine(report);
  if (cost !== '') lines.push('', cost);
  return lines.join('\n');
}

function portsTable(rows: readonly ExposureRow[]): string[] {
  if (rows.length === 0) return [];
  const lines = rows.map((row) => {
    const cells = [
      `${row.port}/${row.protocol}`,
      EXPOSURE_WORDS[row.kind],
      markdown(processText(row)),
      row.bind.map(markdownCode).join(' '),
      ruleTexts(row)
        .map((rule) => markdownCode(shorten(rule, LONGEST)))
        .join(' '),
      outsideText(row),
      row.declared ? 'yes' : 'no',
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const head = '| Port | Verdict | Process (package) | Bound to | Rule | Outside v4 / v6 | Declared |';
  return ['', '### Ports', '', head, '|---|---|---|---|---|---|---|', ...lines];
}

/** A section with a table, or nothing. */
export function findingsTable(title: string, findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const rows = findings.map((finding) => {
    const cells = [
      finding.severity,
      markdownCode(finding.check),
      markdown(shorten(sentence(finding), LONGEST)),
      markdownCode(shorten(finding.seen ?? '', LONGEST)),
      markdown(shorten(finding.remediation ?? '', LONGEST)),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return ['', `### ${title}`, '', '| Severity | Check | What | Seen | Fix |', '|---|---|---|---|---|', ...rows];
}

function waived(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const rows = findings.map((finding) => {
    const { until = '', reason = '', owner = '' } = finding.waiver ?? {};
    return `| ${markdownCode(finding.check)} | ${markdown(sentence(finding))} | ${until} | ${markdown(reason)} | ${markdown(owner)} |`;
  });
  return ['', '### Waived', '', '| Check | What | Until | Why | Owner |', '|---|---|---|---|---|', ...rows];
}
