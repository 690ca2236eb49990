import { spawn } from 'node:child_process';
import { AbsentError } from '../core/collected.ts';
import { reasonOf } from '../core/error.ts';
import { guardedScript } from './guarded-script.ts';
import { type RunOptions, type RunResult, STDERR_LIMIT, type Transport } from './transport.ts';

/** Time for a script to end what it started, before it is killed. */
const KILL_AFTER_MS = 3_000;

/** This very machine: the script runs in a `sh` of our own, in a process group of its own, so that nothing outlives it. */
export function localTransport(shell = '/bin/sh'): Transport {
  return { login: null, sshd: null, run: (script, options) => runLocally(shell, script, options), close() {} };
}

function runLocally(shell: string, script: string, options: RunOptions): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    options.signal.throwIfAborted();
    // Its own environment: nothing of ours (tokens, passwords) may reach a script whose output is kept.
    const child = spawn(shell, ['-s'], { detached: true, stdio: 'pipe', env: { HOME: '/', PATH: '/usr/bin:/bin' } });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    const size = { out: 0, err: 0 };
    let truncated = false;
    let last: NodeJS.Timeout | undefined;
    const end = () => {
      signalGroup(child.pid, 'SIGTERM');
      last ??= setTimeout(() => signalGroup(child.pid, 'SIGKILL'), KILL_AFTER_MS).unref();
    };
    const stop = () => {
      end();
      if (options.keepPartial)
        resolve({ stdout: Buffer.concat(out), stderr: Buffer.concat(err), exitCode: null, truncated });
      else reject(options.signal.reason);
    };
    options.signal.addEventListener('abort', stop, { once: true });
    child.on('error', (cause) => {
      reject(new AbsentError('missing-tool', `cannot start ${shell}: ${reasonOf(cause)}`, cause));
    });
    child.stdin.on('error', () => {}); // the shell may end before it has read everything; its exit code says so
    child.stdout.on('data', (chunk: Buffer) => {
      const room = options.maxBytes - size.out;
      if (room > 0) out.push(chunk.subarray(0, room));
      size.out += chunk.length;
      if (size.out > options.maxBytes && !truncated) {
        truncated = true;
        end();
      }
    });
    child.stderr.on('data', (chunk: Buffer) => {
      const room = STDERR_LIMIT - size.err;
      if (room > 0) err.push(chunk.subarray(0, room));
      size.err += chunk.length;
    });
    child.on('close', (exitCode) => {
      clearTimeout(last);
      options.signal.removeEventListener('abort', stop);
      resolve({ stdout: Buffer.concat(out), stderr: Buffer.concat(err), exitCode, truncated });
    });
    child.stdin.write(guardedScript(script)); // and stays open: closing it would end the script
  });
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // it is gone already
  }
}
