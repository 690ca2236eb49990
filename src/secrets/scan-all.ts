import { createExamine } from './examine.ts';
import { createPace } from './pace.ts';
import { createItemExaminer, itemCount, type Outcome, type ScanJob } from './scan-job.ts';
import { createPool, type ScanPool } from './scan-pool.ts';
import { fullScanner } from './scanner.ts';

/** Below this many bytes threads cost more time than they save. */
export const ALONE_BYTES = 8 * 1024 * 1024;
/** Jobs under way beyond the number of threads, so that no thread waits for the next one. */
const AHEAD = 1;

export interface ScanAllOptions {
  signal: AbortSignal;
  fingerprintKey: string | undefined;
  /** How many threads; as many as there are processors, up to four, if not said. */
  threads?: number;
  /** Bytes after which threads are started. */
  aloneBytes?: number;
}

/**
 * Works off `tasks`, first here, then in threads once there is enough to do, and gives the outcomes in the order of the
 * tasks, whichever thread was first. Throws the reason once the signal is aborted; what was given until then is complete.
 */
export async function scanAll<T extends { job: ScanJob }>(
  tasks: AsyncIterable<T> | Iterable<T>,
  options: ScanAllOptions,
  onDone: (task: T, outcomes: Outcome[]) => void,
): Promise<void> {
  const { signal, fingerprintKey } = options;
  const examine = createExamine(fullScanner(), fingerprintKey);
  const pace = createPace(signal);
  let left = options.aloneBytes ?? ALONE_BYTES;
  let pool: ScanPool | undefined;
  const running: Promise<void>[] = [];
  let before = Promise.resolve();
  try {
    for await (const task of tasks) {
      signal.throwIfAborted();
      if (left > 0) {
        const outcomes: Outcome[] = [];
        const examineItem = createItemExaminer(task.job, examine);
        for (let item = 0; item < itemCount(task.job); item += 1) {
          await pace();
          const outcome = examineItem(item);
          if (outcome.kind === 'examined') left -= outcome.examined.bytes;
          outcomes.push(outcome);
        }
        onDone(task, outcomes);
        continue;
      }
      pool ??= createPool({ fingerprintKey, ...(options.threads === undefined ? {} : { threads: options.threads }) });
      const result = pool.run(task.job);
      result.catch(() => {}); // told where it is waited for, which may be later
      const turn = before.then(async () => onDone(task, await abortable(result, signal)));
      turn.catch(() => {});
      before = turn;
      running.push(turn);
      if (running.length >= pool.threads + AHEAD) await running.shift();
    }
    await before;
  } finally {
    await pool?.close();
  }
}

function abortable<R>(promise: Promise<R>, signal: AbortSignal): Promise<R> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
