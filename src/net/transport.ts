import type { FactMap } from '../core/facts/index.ts';

/** What a command gave. Bytes, because a host prints what it likes. */
export interface RunResult {
  stdout: Uint8Array;
  /** First 256 KiB. */
  stderr: Uint8Array;
  /** `null` where a signal ended it. */
  exitCode: number | null;
  /** Whether stdout was cut at `maxBytes`; the command was ended then. */
  truncated: boolean;
}

export interface RunOptions {
  /** Ends the command here and on the host. */
  signal: AbortSignal;
  /** At an abort: resolves with what came until then, instead of rejecting with the signal's reason. */
  keepPartial?: boolean;
  /** Most bytes of stdout. */
  maxBytes: number;
}

/** A way to run one shell script on a host. All failures are `AbsentError`s. */
export interface Transport {
  /** Feeds `script` to `sh -s`: one channel, one round trip. Whatever the script started is ended when `run` ends. */
  run(script: string, options: RunOptions): Promise<RunResult>;
  /** What the log-in showed; `null` where there was none. */
  readonly login: FactMap['login'] | null;
  /** The server as its handshake showed it; `null` where there was none. */
  readonly sshd: FactMap['sshd'] | null;
  close(): void;
}

/** Most bytes of stderr that any transport keeps. */
export const STDERR_LIMIT = 262_144;
