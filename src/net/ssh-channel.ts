import type { NodeSSH } from 'node-ssh';
import { AbsentError } from '../core/collected.ts';
import { reasonOf } from '../core/error.ts';
import { guardedScript } from './guarded-script.ts';
import { type RunOptions, type RunResult, STDERR_LIMIT } from './transport.ts';

/** Runs a script on a logged-in client: one channel, the script on its stdin, which stays open until the work is done. */
export function runOverChannel(client: NodeSSH, script: string, options: RunOptions): Promise<RunResult> {
  const { connection } = client;
  if (!connection) return Promise.reject(new AbsentError('unreachable', 'the connection was lost after the log-in'));
  return new Promise((resolve, reject) => {
    options.signal.throwIfAborted();
    const lost = () =>
      finish(() => {
        const reason = new AbsentError('unreachable', 'the connection was lost while the host worked');
        reject(options.signal.aborted ? options.signal.reason : reason);
      });
    let finish = (settle: () => void) => settle();
    connection.once('close', lost);
    connection.exec('exec sh -s', (refused, channel) => {
      if (refused) {
        connection.off('close', lost);
        reject(new AbsentError('denied', `the log-in worked, but no command may run: ${reasonOf(refused)}`, refused));
        return;
      }
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      const size = { out: 0, err: 0 };
      let exitCode: number | null = null;
      const result = (truncated: boolean): RunResult => ({
        stdout: Buffer.concat(out),
        stderr: Buffer.concat(err),
        exitCode,
        truncated,
      });
      const stop = () => finish(() => (options.keepPartial ? resolve(result(false)) : reject(options.signal.reason)));
      finish = (settle) => {
        finish = () => {};
        options.signal.removeEventListener('abort', stop);
        connection.off('close', lost);
        // Ends the script on the host: its guard sees stdin close, and sshd is asked to signal it as well.
        channel.on('error', () => {});
        channel.end();
        channel.destroy();
        settle();
      };
      options.signal.addEventListener('abort', stop, { once: true });
      channel.on('data', (chunk: Buffer) => {
        const room = options.maxBytes - size.out;
        if (room > 0) out.push(chunk.subarray(0, room));
        size.out += chunk.length;
        if (size.out > options.maxBytes) finish(() => resolve(result(true)));
      });
      channel.stderr.on('data', (chunk: Buffer) => {
        const room = STDERR_LIMIT - size.err;
        if (room > 0) err.push(chunk.subarray(0, room));
        size.err += chunk.length;
      });
      channel.on('exit', (code: number | null) => {
        exitCode = code;
      });
      channel.on('close', () => finish(() => resolve(result(false))));
      channel.write(guardedScript(script));
    });
  });
}
