import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** What it took a process to end. `cpuMs` is that of all its threads; what git needed is not in it. */
export interface Run {
  wallMs: number;
  cpuMs: number;
  peakBytes: number;
}

const PROGRAM = join(import.meta.dirname, '../../dist/src/cli/main.js');
/**
 * Tells on file descriptor 3, when the process ends, what it used. Its peak is read from /proc (VmHWM, in KB): getrusage
 * begins with the peak of the process that started it, which holds the corpus.
 */
const TELL = `import { isMainThread } from 'node:worker_threads'; import { readFileSync, writeSync } from 'node:fs';
if (isMainThread) process.on('exit', () => writeSync(3, JSON.stringify({ ...process.resourceUsage(), maxRSS: Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) })));`;

/** Runs the built program, if wanted on one processor only. Its gate may fail; that it could not look ends the benchmark. */
export async function runProgram(args: readonly string[], onOneProcessor = false): Promise<Run> {
  if (!existsSync(PROGRAM)) throw new Error('the program is not built: npm run build');
  const command = [process.execPath, PROGRAM, ...args];
  const [first = '', ...rest] = onOneProcessor ? ['taskset', '-c', '0', ...command] : command;
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(TELL)}`;
  const started = performance.now();
  const child = spawn(first, rest, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS },
  });
  const [, , complaint, told] = child.stdio;
  const [code, usage, said] = await Promise.all([
    new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve)),
    text(told as Readable),
    text(complaint as Readable),
  ]);
  const wallMs = performance.now() - started;
  if (code !== 0 && code !== 1) throw new Error(`exit code ${code}: ${said.trim()}`);
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(usage) as NodeJS.ResourceUsage;
  return { wallMs, cpuMs: (userCPUTime + systemCPUTime) / 1_000, peakBytes: maxRSS * 1_024 };
}

/** Of several runs the least of each figure, and the greatest peak: other work on the machine only ever adds. */
export async function bestOf(times: number, run: () => Promise<Run>): Promise<Run> {
  let best: Run = { wallMs: Number.POSITIVE_INFINITY, cpuMs: Number.POSITIVE_INFINITY, peakBytes: 0 };
  for (let time = 0; time < times; time += 1) {
    const { wallMs, cpuMs, peakBytes } = await run();
    best = {
      wallMs: Math.min(best.wallMs, wallMs),
      cpuMs: Math.min(best.cpuMs, cpuMs),
      peakBytes: Math.max(best.peakBytes, peakBytes),
    };
  }
  return best;
}
