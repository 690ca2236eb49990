import { AppError } from '../core/error.ts';
import { type AuditOptions, addAuditOptions } from './audit-options.ts';
import type { Define } from './verbs.ts';

export const define: Define = (command, io) => {
  addAuditOptions(
    command.argument('[target...]', 'URL, host:port, ssh://user@host, local, directory, or configured id'),
    'none',
  )
    .option('--staged', 'look for secrets in what the next commit adds, and nothing else (--fail-on medium)')
    .addHelpText('after', EXAMPLES)
    .action(async (targets: string[], options: AuditOptions & { staged?: boolean }) => {
      // A hook is run at every commit: it loads the scanner and none of the other checks and probes.
      if (options.staged) {
        const failOn = command.getOptionValueSource('failOn') === 'default' ? 'medium' : options.failOn;
        const given = (name: string) => !['default', undefined].includes(command.getOptionValueSource(name));
        const { auditStaged } = await import('./audit-staged.ts');
        return auditStaged(targets, { ...options, failOn }, io, given);
      }
      if (targets.length === 0 && options.facts === undefined) {
        throw new AppError('no-target', 'what is to be audited?', {
          hint: 'name a target: a URL, host:port, ssh://user@host, local, a directory, or an id of the configuration',
        });
      }
      const { auditOnce } = await import('./audit-once.ts');
      return auditOnce(targets, options, io);
    });
};

const EXAMPLES = `
Examples:
  seaworthy audit https://shop.example/
  seaworthy audit ssh://audit@10.0.0.5 --identity ~/.ssh/audit --known-hosts known_hosts
  seaworthy audit . --only secrets --format sarif --output seaworthy.sarif
  seaworthy audit local --save-facts facts.json; seaworthy audit --facts facts.json
  seaworthy audit --staged                         in a pre-commit hook

Exit codes: 0 fine, 1 findings at --fail-on or worse, 2 usage or configuration, 3 could not look.
`;
