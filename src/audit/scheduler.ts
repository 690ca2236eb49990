import { setMaxListeners } from 'node:events';
import { createDueHeap, type DueHeap } from './due-heap.ts';
import { firstDue, nextDue, type Schedule } from './schedule.ts';

/** Time and timers, handed in so that tests can hold them. */
export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Calls back after `ms`; answers how to forget it. */
  after(ms: number, call: () => void): () => void;
}

export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/** What is to be done again and again. Two entries with one `host` never run at the same time. */
export interface Entry {
  id: string;
  host: string;
  schedule: Schedule;
  /** When it was last done, epoch ms; `null` = never. */
  lastAt: number | null;
}

/** One run that is waiting or under way. */
export interface Job {
  id: string;
  entry: string;
  trigger: 'schedule' | 'api';
  /** When it should have begun, epoch ms. */
  dueAt: number;
  startedAt: number | null;
}

export interface SchedulerParts {
  clock: Clock;
  concurrency: number;
  newId(now: number): string;
  /** Does the work. What it throws is its own to report. */
  run(job: Job, signal: AbortSignal): Promise<void>;
  /** How late a scheduled run began, ms. */
  onLateness?(ms: number, job: Job): void;
}

export interface Scheduler {
  /** Takes up a new list: what stays keeps its due time, what is gone is dropped (a run under way is finished). */
  set(entries: readonly Entry[]): void;
  /** Runs an entry as soon as its host is free. The job that already waits or runs for it, where there is one. */
  trigger(entry: string): { job: Job; started: boolean } | null;
  job(id: string): Job | null;
  /** The job of an entry that waits or runs. */
  jobOf(entry: string): Job | null;
  nextDueAt(entry: string): number | null;
  readonly counts: { scheduled: number; waiting: number; running: number };
  /** Starts nothing more; waits for what runs, at most `graceMs`, then aborts it. */
  drain(graceMs: number): Promise<void>;
}

/** Timers are never longer, so that a clock that was set is noticed. */
const LONGEST_SLEEP_MS = 30_000;

export function createScheduler(parts: SchedulerParts): Scheduler {
  const { clock } = parts;
  const entries = new Map<string, Entry>();
  const due = new Map<string, number>();
  const waiting: Job[] = [];
  const running = new Map<string, { job: Job; host: string; done: Promise<void> }>();
  const busyHosts = new Set<string>();
  const stopAll = new AbortController();
  // Every audit under way listens for the stop, before its probes start too: that is no leak.
  setMaxListeners(0, stopAll.signal);
  let heap: DueHeap = createDueHeap();
  let cancelTimer = () => {};
  let draining = false;

  const plan = (id: string, at: number | null) => {
    if (at === null) {
      due.delete(id);
      return;
    }
    due.set(id, at);
    heap.push({ id, at });
  };
  const jobOf = (entry: string): Job | null =>
    running.get(entry)?.job ?? waiting.find((job) => job.entry === entry) ?? null;

  function sleep(): void {
    cancelTimer();
    const next = heap.peek();
    if (draining || next === undefined) return;
    cancelTimer = clock.after(Math.min(Math.max(0, next.at - clock.now()), LONGEST_SLEEP_MS), tick);
  }

  function tick(): void {
    const now = clock.now();
    for (let next = heap.peek(); next !== undefined && next.at <= now; next = heap.peek()) {
      heap.pop();
      const entry = entries.get(next.id);
      // A heap keeps what was planned before a change; only the newest plan of an entry counts.
      if (!entry || due.get(next.id) !== next.at) continue;
      // A run that still waits or runs makes up for this one: runs are never piled up.
      if (!jobOf(entry.id)) enqueue(entry.id, 'schedule', next.at);
      plan(entry.id, nextDue(entry.id, entry.schedule, now));
    }
    pump();
    sleep();
  }

  function enqueue(entry: string, trigger: Job['trigger'], dueAt: number): Job {
    const job: Job = { id: parts.newId(clock.now()), entry, trigger, dueAt, startedAt: null };
    waiting.push(job);
    return job;
  }

  function pump(): void {
    for (let index = 0; index < waiting.length && running.size < parts.concurrency && !draining; ) {
      const job = waiting[index];
      const entry = job && entries.get(job.entry);
      if (!job || !entry) {
        waiting.splice(index, 1);
      } else if (busyHosts.has(entry.host)) {
        index += 1;
      } else {
        waiting.splice(index, 1);
        start(job, entry.host);
      }
    }
  }

  function start(job: Job, host: string): void {
    job.startedAt = clock.now();
    busyHosts.add(host);
    if (job.trigger === 'schedule') parts.onLateness?.(Math.max(0, job.startedAt - job.dueAt), job);
    const done = parts
      .run(job, stopAll.signal)
      .catch(() => {})
      .then(() => {
        running.delete(job.entry);
        busyHosts.delete(host);
        pump();
      });
    running.set(job.entry, { job, host, done });
  }

  return {
    set(next) {
      const now = clock.now();
      const before = new Map(entries);
      entries.clear();
      for (const entry of next) entries.set(entry.id, entry);
      for (const id of [...due.keys()]) if (!entries.has(id)) due.delete(id);
      const kept = new Map(due);
      heap = createDueHeap();
      for (const entry of next) {
        const old = before.get(entry.id);
        const same = old !== undefined && JSON.stringify(old.schedule) === JSON.stringify(entry.schedule);
        plan(entry.id, same ? (kept.get(entry.id) ?? null) : firstDue(entry.id, entry.schedule, entry.lastAt, now));
      }
      tick();
    },
    trigger(id) {
      if (draining || !entries.has(id)) return null;
      const there = jobOf(id);
      if (there) return { job: there, started: false };
      const job = enqueue(id, 'api', clock.now());
      pump();
      return { job, started: true };
    },
    job(id) {
      for (const one of running.values()) if (one.job.id === id) return one.job;
      return waiting.find((job) => job.id === id) ?? null;
    },
    jobOf,
    nextDueAt: (id) => due.get(id) ?? null,
    get counts() {
      return { scheduled: due.size, waiting: waiting.length, running: running.size };
    },
    async drain(graceMs) {
      draining = true;
      cancelTimer();
      waiting.length = 0;
      let cancel = () => {};
      const grace = new Promise<void>((resolve) => {
        cancel = clock.after(graceMs, resolve);
      });
      const all = () => Promise.all([...running.values()].map((one) => one.done)).then(() => {});
      await Promise.race([all(), grace]);
      cancel();
      stopAll.abort(new Error('the service is stopping'));
      await all();
    },
  };
}
