/** One repository of one night. */
export interface RepositoryJob {
  /** Id of the night. */
  readonly run: string;
  /** Id of the repository in the store. */
  readonly repository: string;
  /** Higher comes first. An integer. */
  readonly priority: number;
}

/** A job that somebody works on. */
export interface TakenJob extends RepositoryJob {
  readonly id: string;
  /** Tries before this one. */
  readonly tries: number;
}

/** What the queue needs of a database: one connection, or a transaction. */
export interface QueueDatabase {
  /** Runs a statement with numbered parameters, or several statements without any. */
  executeSql(text: string, values?: readonly unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/** How many jobs there are, by what is to become of them. */
export interface QueueCounts {
  /** Nobody works on them yet, or not again yet. */
  readonly waiting: number;
  readonly active: number;
  /** They failed as often as they may, and nobody has taken note of it. */
  readonly failed: number;
}

/**
 * Deals the repositories of a night out to workers. The queue knows who has taken which job, and when a failed one is
 * tried again. It does not know who is alive, and what was stored: that is the store's (`attempt`).
 */
export interface JobQueue {
  /** Adds jobs. One that is there already, in whatever state, stays as it is: so this can be repeated. */
  put(jobs: readonly RepositoryJob[]): Promise<void>;
  /** Takes up to so many jobs, the most urgent first. No other worker gets them. */
  take(most: number): Promise<readonly TakenJob[]>;
  /** A job is done. `transaction`: the one that stores its result, so that both happen or neither. */
  done(job: TakenJob, transaction?: QueueDatabase): Promise<void>;
  /** A try failed. The job waits longer each time, and after the last try it is among `takeFailed`. */
  fail(jobId: string, reason: string): Promise<void>;
  /** Takes jobs that failed as often as they may. Whoever takes them says so in coverage, and then `bury`s them. */
  takeFailed(most: number): Promise<readonly TakenJob[]>;
  bury(job: TakenJob, transaction?: QueueDatabase): Promise<void>;
  watch(): Promise<QueueCounts>;
  stop(): Promise<void>;
}
