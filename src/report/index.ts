import type { AuditReport } from '../core/report.ts';
import { htmlReport } from './html.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { markdownReport } from './markdown.ts';
import { type PrettyOptions, prettyReport } from './pretty.ts';
import { sarifReport } from './sarif.ts';

export const REPORT_FORMATS = ['pretty', 'json', 'sarif', 'junit', 'markdown', 'html'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** An audit report as text, ending with a line end. Pure: the same report gives the same bytes. */
export function renderReport(report: AuditReport, format: ReportFormat, options: PrettyOptions): string {
  switch (format) {
    case 'pretty':
      return prettyReport(report, options);
    case 'json':
      return jsonReport(report);
    case 'sarif':
      return sarifReport(report, options);
    case 'junit':
      return junitReport(report);
    case 'markdown':
      return markdownReport(report);
    case 'html':
      return htmlReport(report, options);
  }
}
