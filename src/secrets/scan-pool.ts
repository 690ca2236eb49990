import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { reasonOf } from '../core/error.ts';
import { itemCount, type Outcome, type ScanJob } from './scan-job.ts';
import type { ThreadData, ThreadTask } from './scan-thread.ts';

/** Threads that scan. One job at a time each; a thread that does not come back from an item is ended and replaced. */
export interface ScanPool {
  threads: number;
  /** One outcome per item, in the order of the items. Waits for a free thread. Rejects only once the pool is closed. */
  run(job: ScanJob): Promise<Outcome[]>;
  close(): Promise<void>;
}

export interface PoolOptions {
  fingerprintKey: string | undefined;
  threads?: number;
  /** How long one item may take before its thread is ended. The engine gives up far earlier: this is the second net. */
  itemMs?: number;
}

const MAX_THREADS = 4;
const ITEM_MS = 60_000;
/** In MB per thread; contents lie outside of it. */
const HEAP = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 8 };

interface Thread {
  worker: Worker;
  progress: Int32Array;
}

export function createPool(options: PoolOptions): ScanPool {
  const threads = Math.max(1, options.threads ?? Math.min(availableParallelism(), MAX_THREADS));
  const itemMs = options.itemMs ?? ITEM_MS;
  const idle: Thread[] = [];
  const all = new Set<Thread>();
  const waiting: { resolve(thread: Thread): void; reject(reason: Error): void }[] = [];
  let closed = false;

  function start(): Thread {
    const progress = new SharedArrayBuffer(4);
    const workerData: ThreadData = { fingerprintKey: options.fingerprintKey, progress };
    const thread: Thread = { worker: startWorker(workerData), progress: new Int32Array(progress) };
    all.add(thread);
    // A thread that dies between jobs is not missed; within one, `attempt` sees it.
    thread.worker.on('error', () => {});
    thread.worker.on('exit', () => {
      all.delete(thread);
      if (idle.includes(thread)) idle.splice(idle.indexOf(thread), 1);
    });
    return thread;
  }

  function acquire(): Promise<Thread> {
    if (closed) return Promise.reject(new Error('the scan has ended'));
    const free = idle.pop() ?? (all.size < threads ? start() : undefined);
    if (free) return Promise.resolve(free);
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  }

  function release(thread: Thread): void {
    if (closed) return;
    const next = waiting.shift();
    if (next) next.resolve(thread);
    else idle.push(thread);
  }

  function discard(thread: Thread): void {
    all.delete(thread);
    void thread.worker.terminate();
    if (waiting.length > 0 && !closed) waiting.shift()?.resolve(start());
  }

  async function run(job: ScanJob): Promise<Outcome[]> {
    const failed = new Map<number, string>();
    for (;;) {
      const thread = await acquire();
      const result = await attempt(thread, { job, skip: [...failed.keys()] }, itemMs);
      if (closed) throw new Error('the scan has ended');
      if ('outcomes' in result) {
        release(thread);
        for (const [item, reason] of failed) result.outcomes[item] = { kind: 'missed', reason };
        return result.outcomes;
      }
      discard(thread);
      if (result.item < 0 || failed.has(result.item) || result.item >= itemCount(job)) throw new Error(result.reason);
      failed.set(result.item, `not fully scanned: ${result.reason}`);
    }
  }

  async function close(): Promise<void> {
    closed = true;
    for (const { reject } of waiting.splice(0)) reject(new Error('the scan has ended'));
    await Promise.all([...all].map(({ worker }) => worker.terminate()));
  }

  return { threads, run, close };
}

/** `item` is -1 where the thread did not get as far as the first. */
type Attempt = { outcomes: Outcome[] } | { item: number; reason: string };

/** Lets a thread do a job and watches that it goes from item to item. */
function attempt({ worker, progress }: Thread, task: ThreadTask, itemMs: number): Promise<Attempt> {
  return new Promise((resolve) => {
    let seen = -1;
    let since = performance.now();
    Atomics.store(progress, 0, -1);
    const settle = (result: Attempt) => {
      clearInterval(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      resolve(result);
    };
    const item = () => Atomics.load(progress, 0);
    const onMessage = (outcomes: Outcome[]) => settle({ outcomes });
    const onError = (thrown: unknown) => settle({ item: item(), reason: `scanning it failed: ${reasonOf(thrown)}` });
    const onExit = () => settle({ item: item(), reason: 'its thread ended' });
    const timer = setInterval(
      () => {
        const now = Atomics.load(progress, 0);
        if (now !== seen) {
          seen = now;
          since = performance.now();
        } else if (now >= 0 && performance.now() - since > itemMs) {
          settle({ item: now, reason: `scanning took longer than ${itemMs / 1_000} s` });
        }
      },
      Math.min(1_000, itemMs / 4),
    );
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(task);
  });
}

/** Built, a thread runs the JavaScript beside this file. In development the source is TypeScript, which needs a loader. */
function startWorker(workerData: ThreadData): Worker {
  const built = import.meta.url.endsWith('.js');
  const worker = built
    ? new Worker(new URL('./scan-thread.js', import.meta.url), { workerData, resourceLimits: HEAP })
    : new Worker(
        `import(${JSON.stringify(loader())}).then(({ register }) => { register(); return import(${JSON.stringify(new URL('./scan-thread.ts', import.meta.url).href)}); });`,
        { workerData, resourceLimits: HEAP, eval: true },
      );
  worker.unref();
  return worker;
}

/** The module that a worker's `import` gets; `require.resolve` gives the other one, which loads no modules in a thread. */
function loader(): string {
  const tsx = createRequire(import.meta.url).resolve('tsx/package.json');
  return pathToFileURL(join(dirname(tsx), 'dist/esm/api/index.mjs')).href;
}
