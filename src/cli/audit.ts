import { AppError, EXIT } from '../core/error.ts';
import { reaches } from '../core/severity.ts';
import { renderReport } from '../report/index.ts';
import type { PrettyOptions } from '../report/pretty.ts';
import { couldNotLook, worstFailure } from '../report/summary.ts';
import { type AuditOptions, addAuditOptions } from './audit-options.ts';
import { metaOf, runAudit } from './audit-run.ts';
import { findConfig } from './find-config.ts';
import type { Io } from './io.ts';
import { writeWhole } from './output.ts';
import type { Define } from './verbs.ts';

export const define: Define = (command, io) => {
  addAuditOptions(
    command.argument('[target...]', 'URL, host:port, ssh://user@host, local, directory, or configured id'),
    'none',
  )
    .addHelpText('after', EXAMPLES)
    .action(async (targets: string[], options: AuditOptions) => {
      if (targets.length === 0 && options.facts === undefined) {
        throw new AppError('no-target', 'what is to be audited?', {
          hint: 'name a target: a URL, host:port, ssh://user@host, local, a directory, or an id of the configuration',
        });
      }
      const config = findConfig(options.config, io, { quiet: options.quiet === true });
      const report = await runAudit({ targets, options, config }, io);
      if (io.signal.aborted) return;
      await deliver(renderReport(report, options.format, prettyOptions(options, io)), options.output, io);
      const worst = worstFailure(report.targets);
      if (worst !== undefined && reaches(worst, options.failOn)) io.exit(EXIT.failed);
      else if (couldNotLook(report.targets)) {
        if (!options.quiet) io.err('seaworthy: nothing could be looked at\n');
        io.exit(EXIT.couldNotLook);
      }
    });
};

/** How a report is drawn: colour only where it goes to a terminal. */
export function prettyOptions(options: Pick<AuditOptions, 'output' | 'verbose'>, io: Io): PrettyOptions {
  const toFile = options.output !== undefined;
  return {
    meta: metaOf,
    width: toFile ? 80 : Math.min(io.width, 120),
    color: io.color && !toFile,
    verbose: options.verbose === true,
  };
}

/** The report to stdout, or whole to a file. */
export async function deliver(text: string, output: string | undefined, io: Io): Promise<void> {
  if (output === undefined || output === '-') await io.out(text);
  else writeWhole(output, text);
}

const EXAMPLES = `
Examples:
  seaworthy audit https://shop.example/
  seaworthy audit ssh://audit@10.0.0.5 --identity ~/.ssh/audit --known-hosts known_hosts
  seaworthy audit . --only secrets --format sarif --output seaworthy.sarif
  seaworthy audit local --save-facts facts.json; seaworthy audit --facts facts.json

Exit codes: 0 fine, 1 findings at --fail-on or worse, 2 usage or configuration, 3 could not look.
`;
