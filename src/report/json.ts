import type { AuditReport } from '../core/report.ts';

/** The report as it is, for machines. */
export function jsonReport(report: AuditReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
