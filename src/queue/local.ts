import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { Job, JobHandler, Queue } from './port.ts';

/** How long an aborted handler may take to end. */
const ABORT_MS = 2_000;

export interface LocalQueueOptions {
  concurrency: number;
  /** Told what a handler threw; the queue goes on. */
  onError(job: Job, thrown: unknown): void;
}

/** A queue in this process. Jobs of one key run one after another, others side by side up to `concurrency`. */
export function localQueue(options: LocalQueueOptions): Queue {
  const lanes = new PQueue({ concurrency: options.concurrency });
  const handlers = new Map<string, JobHandler>();
  const waiting = new Map<string, Job>();
  const running = new Set<string>();
  const stop = new AbortController();
  let closing = false;

  const start = (key: string): void => {
    void lanes.add(async () => {
      const job = waiting.get(key);
      if (!job || stop.signal.aborted) return;
      waiting.delete(key);
      running.add(key);
      try {
        const handler = handlers.get(job.kind);
        if (!handler) throw new Error(`nobody handles jobs of kind "${job.kind}"`);
        await handler(job, stop.signal);
      } catch (thrown) {
        options.onError(job, thrown);
      } finally {
        running.delete(key);
        if (waiting.has(key)) start(key);
      }
    });
  };

  const idleWithin = async (ms: number): Promise<void> => {
    const timer = new AbortController();
    const grace = sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([lanes.onIdle(), grace]);
    timer.abort();
  };

  return {
    async enqueue(job) {
      if (closing) return false;
      const key = `${job.kind} ${job.key}`;
      if (waiting.has(key)) return false;
      waiting.set(key, job);
      if (!running.has(key)) start(key);
      return true;
    },
    handle(kind, handler) {
      handlers.set(kind, handler);
    },
    size: () => ({ waiting: waiting.size, running: running.size }),
    async close(graceMs) {
      closing = true;
      waiting.clear();
      lanes.clear();
      await idleWithin(graceMs);
      stop.abort(new Error('the service is shutting down'));
      await idleWithin(ABORT_MS); // a handler that ignores its signal does not keep the process
    },
  };
}
