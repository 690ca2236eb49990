import { execFile } from 'node:child_process';
import { isIPv6 } from 'node:net';
import { printable } from './greeting.ts';
import { CannotLookError } from './looked.ts';

const OUTPUT_MAX = 16_384;

/**
 * One echo request by the program `ping`, which has the right that a process of ours lacks. Answers the round trip, ms;
 * `null` when there was no reply. `address` is one: no name, and so no option, ever reaches the program.
 */
export function askPing(address: string, timeoutMs: number, signal: AbortSignal): Promise<number | null> {
  const seconds = String(Math.max(1, Math.ceil(timeoutMs / 1_000)));
  const args = [isIPv6(address) ? '-6' : '-4', '-n', '-c', '1', '-W', seconds, address];
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C' };
  return new Promise((resolve, reject) => {
    execFile('ping', args, { maxBuffer: OUTPUT_MAX, env, signal }, (thrown, out, said) => {
      if (signal.aborted) return reject(signal.reason);
      const took = /time[=<]([\d.]+) ?ms/.exec(out)?.[1];
      if (!thrown && took !== undefined) return resolve(Number(took));
      if (thrown?.code === 1) return resolve(null);
      const why = `ping: ${printable(said) || 'no answer that can be read'}`;
      reject(new CannotLookError(thrown?.code === 'ENOENT' ? 'the program ping is not installed' : why));
    });
  });
}
