import { renderReport } from '../report/index.ts';
import type { AuditOptions } from './audit-options.ts';
import { metaOf, runAudit } from './audit-run.ts';
import { findConfig } from './find-config.ts';
import type { Io } from './io.ts';
import { deliver, exitFor, prettyOptions } from './output.ts';

/** Audits what is named, reports, and decides on the exit code. */
export async function auditOnce(targets: readonly string[], options: AuditOptions, io: Io): Promise<void> {
  const config = findConfig(options.config, io, { quiet: options.quiet === true });
  const report = await runAudit({ targets, options, config }, io);
  if (io.signal.aborted) return;
  await deliver(renderReport(report, options.format, prettyOptions(options, io, metaOf)), options.output, io);
  exitFor(report, options, io);
}
