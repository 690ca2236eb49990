import type { FactKey, FactMap } from '../../core/facts/index.ts';

/** What one section of the host script printed. Text is UTF-8 with control characters (but tab and newline) replaced by U+FFFD. */
export interface SectionOutput {
  stdout: string;
  /** First 4 KiB. */
  stderr: string;
  /** Of the section's last command, or 127 where the shell did not find it. A timeout never gets here: it is an absence. */
  exitCode: number;
  /** Whether stdout was cut at `maxBytes`. What is missing is unknown, so most sections refuse to judge a cut output. */
  truncated: boolean;
  /** Whether everything that the section called with `as_root` really ran as root. */
  root: boolean;
}

/**
 * One fact of the host script. `script` is a POSIX sh fragment that only reads: it runs in a shell of its own with
 * LC_ALL=C, a PATH with the sbin directories and no stdin, under `timeout` and `nice`.
 *
 * In the fragment, `as_root CMD ARG...` runs one command as root where that is possible: directly for root, by `sudo -n`
 * where the target allows sudo and sudoers lists this very command, else without rights (and `root` is false).
 */
export interface HostSection<K extends FactKey = FactKey> {
  key: K;
  script: string;
  timeoutS: number;
  /** Costs the host much; an installed script runs it only where it is asked to. */
  slow?: boolean;
  /** Most bytes of stdout that are sent. */
  maxBytes: number;
  /** `never` where root adds nothing, so that no sudo line is needed. */
  sudo?: 'never' | 'if-available';
  /** The fact; throws `AbsentError` ('denied', 'missing-tool', 'unreadable' ...) where the section could not look. */
  parse(output: SectionOutput): FactMap[K];
}
