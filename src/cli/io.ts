import type { ExitCode } from '../core/error.ts';

/** What a verb may touch of the process. Tests hand in their own. */
export interface Io {
  /** The report, and nothing else. Resolves when it has been handed over. */
  out(text: string): Promise<void>;
  /** Progress, warnings, errors. */
  err(text: string): void;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** Columns of the terminal that the report goes to; 80 where it goes elsewhere. */
  width: number;
  /** Whether colour suits stdout. */
  color: boolean;
  /** Whether a person watches stderr. */
  watched: boolean;
  /** Aborted when the person gives up. */
  signal: AbortSignal;
  /** Epoch ms. */
  now(): number;
  exit(code: ExitCode): void;
}

/** `NO_COLOR` (no-color.org) and `--no-color` win, then `FORCE_COLOR`, then whether it is a terminal. */
export function wantsColor(env: Io['env'], terminal: boolean, argv: readonly string[]): boolean {
  if (argv.includes('--no-color') || (env.NO_COLOR !== undefined && env.NO_COLOR !== '')) return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') return env.FORCE_COLOR !== '0';
  return terminal && env.TERM !== 'dumb';
}
