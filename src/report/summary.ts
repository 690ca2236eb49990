import { CATEGORIES } from '../core/category.ts';
import type { CheckMeta } from '../core/check.ts';
import { byCheck, type Finding, type Status, worstStatus } from '../core/finding.ts';
import type { TargetReport } from '../core/report.ts';
import { compareSeverity, SEVERITIES, type Severity } from '../core/severity.ts';

/** What a report may know besides the findings. */
export interface ReportContext {
  /** The check with this id, for its rationale; a check that is gone is simply not explained. */
  meta(check: string): CheckMeta | undefined;
}

/** How many checks of a target have each status; a check has the status of its worst finding. */
export function countChecks(findings: readonly Finding[]): Record<Status, number> {
  const counts: Record<Status, number> = { fail: 0, unknown: 0, waived: 0, pass: 0, 'not-applicable': 0 };
  for (const group of byCheck(findings).values()) counts[worstStatus(group.map((one) => one.status))] += 1;
  return counts;
}

/** Worst first: severity, then catalogue order, then check and subject. */
export function byImportance(a: Finding, b: Finding): number {
  return (
    compareSeverity(a.severity, b.severity) ||
    CATEGORIES.indexOf(a.category) - CATEGORIES.indexOf(b.category) ||
    (a.check < b.check ? -1 : a.check > b.check ? 1 : 0) ||
    (a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : 0)
  );
}

export function withStatus(findings: readonly Finding[], status: Status): Finding[] {
  return findings.filter((finding) => finding.status === status).sort(byImportance);
}

/** The message, with its subject where the message does not name it. */
export function sentence(finding: Finding): string {
  const { subject, message } = finding;
  return subject === '' || message.includes(subject) ? message : `${subject}: ${message}`;
}

/** `97 %`. */
export function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

/** `31 passed · 2 failed · 1 unknown · 4 not applicable · 1 waived until 2027-03-01`. */
export function countsLine(findings: readonly Finding[]): string {
  const counts = countChecks(findings);
  const until = withStatus(findings, 'waived')
    .flatMap((finding) => finding.waiver?.until ?? [])
    .sort()[0];
  const parts: [number, string][] = [
    [counts.pass, 'passed'],
    [counts.fail, 'failed'],
    [counts.unknown, 'unknown'],
    [counts['not-applicable'], 'not applicable'],
    [counts.waived, `waived${until === undefined ? '' : ` until ${until}`}`],
  ];
  const shown = parts.filter(([count], index) => count > 0 || index < 2);
  return shown.map(([count, what]) => `${count} ${what}`).join(' · ');
}

/** `1.2 s · 41 connections · 1 command · 2 failed log-ins to its watchers`. */
export function costLine(report: TargetReport): string {
  const parts: string[] = [];
  if (report.durationMs !== undefined) parts.push(`${(report.durationMs / 1000).toFixed(1)} s`);
  if (report.connections) parts.push(`${report.connections} connection${report.connections === 1 ? '' : 's'}`);
  const { commands = 0, failures = 0 } = report.caused ?? {};
  if (commands > 0) parts.push(`${commands} command${commands === 1 ? '' : 's'}`);
  if (commands > 0 || failures > 0) parts.push(`${failures} failed log-in${failures === 1 ? '' : 's'} to its watchers`);
  return parts.join(' · ');
}

/** True when no check of any target came to a verdict, although something was asked. */
export function couldNotLook(targets: readonly TargetReport[]): boolean {
  const all = targets.flatMap((target) => target.findings);
  return all.some((one) => one.status === 'unknown') && !all.some((one) => isVerdict(one.status));
}

function isVerdict(status: Status): boolean {
  return status === 'pass' || status === 'fail' || status === 'waived';
}

export function worstFailure(targets: readonly TargetReport[]): Severity | undefined {
  const failed = targets.flatMap((target) => target.findings.filter((finding) => finding.status === 'fail'));
  return SEVERITIES.find((severity) => failed.some((finding) => finding.severity === severity));
}
