/** A piece of work that may be done anywhere. `payload` is JSON. */
export interface Job<P = unknown> {
  kind: string;
  /** Of jobs with one key at most one waits and one runs: a second request while one waits is the same request. */
  key: string;
  payload: P;
}

export type JobHandler = (job: Job, signal: AbortSignal) => Promise<void>;

/** Where work waits its turn. The local one lives in this process; one that several workers share has the same face. */
export interface Queue {
  /** False where a job with this key waits already. */
  enqueue(job: Job): Promise<boolean>;
  handle(kind: string, handler: JobHandler): void;
  size(): { waiting: number; running: number };
  /** Takes no more jobs, lets running ones end for at most `graceMs`, then aborts them. Waiting ones are dropped: their schedule brings them again. */
  close(graceMs: number): Promise<void>;
}
