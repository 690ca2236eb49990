import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import staged from '../../checks/secrets/staged.ts';
import { auditTarget, toAuditReport } from '../audit/audit.ts';
import { AppError, EXIT, reasonOf } from '../core/error.ts';
import type { RepositoryTarget } from '../core/target.ts';
import { leakStagedProbe } from '../probes/leak-staged.ts';
import { renderReport } from '../report/index.ts';
import type { AuditOptions } from './audit-options.ts';
import type { Io } from './io.ts';
import { deliver, exitFor, prettyOptions } from './output.ts';
import { version } from './version.ts';

const OUT_OF_PLACE = [
  'config',
  'only',
  'skip',
  'facts',
  'saveFacts',
  'identity',
  'knownHosts',
  'hostKey',
  'sudo',
  'ca',
  'hstsPreloadList',
];

/** Looks for secrets in what the next commit of the repository here (or in the one named directory) would add. */
export async function auditStaged(
  words: readonly string[],
  options: AuditOptions,
  io: Io,
  given: (option: string) => boolean,
): Promise<void> {
  const wrong = OUT_OF_PLACE.find(given);
  if (wrong !== undefined) {
    const flag = `--${wrong.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new AppError('staged-options', `${flag} means nothing with --staged`, {
      hint: '--staged runs one check, secrets.staged, without the configuration; .seaworthyignore and comments count',
    });
  }
  if (words.length > 1) throw new AppError('staged-targets', '--staged takes one directory, or none for the one here');
  const root = repositoryAround(resolve(io.cwd, words[0] ?? '.'));
  // An index of the hook's own belongs to the repository that the hook runs in.
  const index = words.length === 0 ? io.env.GIT_INDEX_FILE : undefined;
  const probe = leakStagedProbe(index === undefined || index === '' ? undefined : resolve(io.cwd, index));
  const target: RepositoryTarget = {
    ...{ id: '.', name: basename(root) || root, service: null, environment: 'production', labels: {} },
    ...{ kind: 'repository', path: root },
  };
  const startedAt = io.now();
  const { report } = await auditTarget(target, {
    checks: [staged],
    probes: [probe],
    recognise: async () => 'tcp',
    now: io.now,
    signal: io.signal,
    timeoutMs: options.timeout,
    onCrash: (what, thrown) => io.err(`warning: ${what} broke: ${reasonOf(thrown)}\n`),
  });
  if (io.signal.aborted) return;
  const whole = toAuditReport([report], {
    version: version(),
    generatedAt: io.now(),
    durationMs: io.now() - startedAt,
  });
  const meta = (id: string) => (id === staged.id ? staged : undefined);
  await deliver(renderReport(whole, options.format, prettyOptions(options, io, meta)), options.output, io);
  exitFor(whole, options, io);
}

/** The root of the work tree that a directory lies in. */
function repositoryAround(start: string): string {
  if (!statSync(start, { throwIfNoEntry: false })?.isDirectory()) {
    throw new AppError('target-unknown', `${start} is no directory`);
  }
  for (let at = start; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) break;
  }
  throw new AppError('no-repository', `${start} lies in no git repository: nothing can be staged`, {
    exit: EXIT.couldNotLook,
  });
}
