import { Option } from 'commander';
import { type Baseline, formatBaseline, mergeBaseline, toBaseline } from '../core/baseline.ts';
import { AppError, EXIT } from '../core/error.ts';
import { type GateReport, gate } from '../core/gate.ts';
import type { AuditReport } from '../core/report.ts';
import { githubAnnotations } from '../report/annotations.ts';
import { renderGate } from '../report/gate.ts';
import { type AuditOptions, addAuditOptions } from './audit-options.ts';
import { metaOf, runAudit } from './audit-run.ts';
import { DEFAULT_BASELINE, readBaseline } from './baseline-source.ts';
import { findConfig } from './find-config.ts';
import type { Io } from './io.ts';
import { whole } from './option-values.ts';
import { deliver, prettyOptions, writeWhole } from './output.ts';
import type { Define } from './verbs.ts';

interface GateOptions extends AuditOptions {
  baseline: string;
  updateBaseline?: boolean;
  minScore?: number;
  maxUnknown?: number;
  annotate?: 'github';
}

export const define: Define = (command, io) => {
  addAuditOptions(command.argument('[target...]', 'as for audit; all of the configuration where none is named'), 'high')
    .option('--baseline <file|url>', 'what to compare with', DEFAULT_BASELINE)
    .option('--update-baseline', 'write what is seen now to the baseline file')
    .option('--min-score <n>', 'every target scores at least this', whole(0, 100))
    .option('--max-unknown <n>', 'at most so many findings may be unknown', whole(0, 1_000_000))
    .addOption(new Option('--annotate <where>', 'mark new findings in the change').choices(['github']))
    .addHelpText('after', EXAMPLES)
    .action(async (targets: string[], options: GateOptions) => runGate(targets, options, io));
};

async function runGate(words: string[], options: GateOptions, io: Io): Promise<void> {
  const config = findConfig(options.config, io, { quiet: options.quiet === true });
  const targets =
    words.length > 0 || options.facts !== undefined ? words : config.targets.map(({ target }) => target.id);
  if (targets.length === 0 && options.facts === undefined) {
    throw new AppError('no-target', 'what is to be audited?', {
      hint: 'name a target, or have some in seaworthy.yaml',
    });
  }
  const remote = /^https?:\/\//i.test(options.baseline);
  if (remote && options.updateBaseline) {
    throw new AppError('baseline-remote', '--update-baseline writes a file, not an address');
  }
  // Looked for before the audit: a missing one should not cost the time of an audit first.
  const baseline = await readBaseline(options.baseline, io);
  const thresholds = options.minScore !== undefined || options.maxUnknown !== undefined;
  if (!baseline && !options.updateBaseline && !thresholds) {
    throw new AppError('baseline-missing', `there is no baseline at ${options.baseline}`, {
      hint: '`seaworthy gate --update-baseline` writes one: commit it, and only what is new will fail',
    });
  }
  const report = await runAudit({ targets, options, config }, io);
  if (io.signal.aborted) return;
  // Nothing to compare with: what is there counts as known, and only the thresholds judge.
  const known = baseline ?? toBaseline(report);
  const policy = { failOn: options.failOn, minScore: options.minScore, maxUnknown: options.maxUnknown };
  const verdict = gate(report, known, { ...policy, waivers: config.waivers, now: io.now() });
  await deliver(renderGate(verdict, report, options.format, prettyOptions(options, io, metaOf)), options.output, io);
  if (options.annotate === 'github') io.err(githubAnnotations(annotated(verdict)));
  if (options.updateBaseline) {
    if (verdict.verdict === 'could-not-look') {
      io.err('seaworthy: the baseline is left as it was\n');
      return io.exit(EXIT.couldNotLook);
    }
    update(options.baseline, baseline, report, io);
    return;
  }
  if (verdict.verdict === 'fail') io.exit(EXIT.failed);
  if (verdict.verdict === 'could-not-look') io.exit(EXIT.couldNotLook);
}

function annotated({ regressions, lostCoverage }: GateReport) {
  return [...regressions, ...lostCoverage].map(({ target, ...finding }) => ({ target, finding }));
}

/** Targets and checks that were not part of this run keep what the baseline says of them. */
function update(path: string, before: Baseline | null, report: AuditReport, io: Io): void {
  const asked = new Set(report.targets.flatMap(({ id, findings }) => findings.map((one) => `${id}\0${one.check}`)));
  writeWhole(path, formatBaseline(mergeBaseline(before, toBaseline(report), asked)));
  io.err(`wrote ${path}\n`);
}

const EXAMPLES = `
Examples:
  seaworthy gate --update-baseline                  accept what is there, commit the file
  seaworthy gate                                    fail on what is new and high or critical
  seaworthy gate https://staging.example/ --min-score 80 --annotate github

Exit codes: 0 open, 1 regressions, 2 usage or configuration, 3 could not look.
`;
