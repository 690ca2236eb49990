import { parentPort, workerData } from 'node:worker_threads';
import { createExamine } from './examine.ts';
import { createItemExaminer, itemCount, type Outcome, type ScanJob } from './scan-job.ts';
import { fullScanner } from './scanner.ts';

/** What a thread is started with. */
export interface ThreadData {
  fingerprintKey: string | undefined;
  /** One number: the item in work, so that somebody outside can see whether it goes on. */
  progress: SharedArrayBuffer;
}

export interface ThreadTask {
  job: ScanJob;
  /** Items that are left out: they took too long. */
  skip: readonly number[];
}

/** The body of a thread of `scan-pool.ts`. What it answers holds no secret. */
function serve(data: ThreadData): void {
  const examine = createExamine(fullScanner(), data.fingerprintKey);
  const progress = new Int32Array(data.progress);
  parentPort?.on('message', ({ job, skip }: ThreadTask) => {
    const outcomes: Outcome[] = [];
    const examineItem = createItemExaminer(job, examine);
    for (let item = 0; item < itemCount(job); item += 1) {
      Atomics.store(progress, 0, item);
      outcomes.push(skip.includes(item) ? { kind: 'none' } : examineItem(item));
    }
    parentPort?.postMessage(outcomes);
  });
}

serve(workerData as ThreadData);
