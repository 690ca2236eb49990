import { spawn } from 'node:child_process';
import type { ChannelAnswer, CommandMessage } from '../channels/channel.ts';
import { reasonOf } from '../core/error.ts';

const OUTPUT_MAX = 4096;

/**
 * Runs a program without a shell. The answer has its exit code as status and the start of its stderr as body. It and what
 * it started are ended at the deadline: it leads a process group of its own.
 */
export function runCommand({ command }: CommandMessage): Promise<ChannelAnswer> {
  const { program, args, input, env, timeoutMs } = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe'],
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', ...env },
    });
    let said = '';
    const end = (answer: ChannelAnswer): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    const timer = setTimeout(() => {
      if (child.pid !== undefined) endGroup(child.pid);
      end({ error: `it did not end within ${timeoutMs / 1000} s` });
    }, timeoutMs);
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      if (said.length < OUTPUT_MAX) said = (said + part).slice(0, OUTPUT_MAX);
    });
    child.stdin.on('error', () => {}); // it need not read what it is told
    child.once('error', (thrown) => end({ error: reasonOf(thrown) }));
    child.once('close', (code, signal) => {
      end(code === null ? { error: `ended by ${signal}` } : { status: code, headers: {}, body: said });
    });
    child.stdin.end(input);
  });
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
