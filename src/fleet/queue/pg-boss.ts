import { createHash } from 'node:crypto';
import PgBoss from 'pg-boss';
import { UsageError } from '../../model/errors.ts';
import type { JobQueue, QueueCounts, QueueDatabase, RepositoryJob, TakenJob } from './contract.ts';

const JOBS = 'repository';
/** Where pg-boss puts jobs that failed for good. */
const FAILED = 'repository-failed';
/** Jobs of one statement: a list of repositories can be long. */
const BATCH = 1000;

/** How often and how long a job is tried. */
export interface QueueSettings {
  /** Tries after the first one. */
  readonly retries: number;
  /** Seconds before the second try; each further one waits about twice as long. */
  readonly retryDelay: number;
  /** Seconds. Longer than any scan may take: a dead worker is noticed by the store, long before. */
  readonly expireIn: number;
  /** True for the scheduler: it makes and changes the tables, and clears away what is old. */
  readonly isScheduler: boolean;
  readonly onError: (error: Error) => void;
}

/**
 * Opens the queue in a database. pg-boss owns the schema `pgboss` in it.
 * @throws UsageError where a worker is started before the scheduler, or beside one of another version
 */
export async function openQueue(database: QueueDatabase, settings: QueueSettings): Promise<JobQueue> {
  const { isScheduler, onError, retries, retryDelay, expireIn } = settings;
  const boss = new PgBoss({
    db: adapt(database),
    supervise: isScheduler,
    migrate: isScheduler,
    schedule: false,
  });
  boss.on('error', onError);
  await boss.start().catch((error: unknown) => {
    throw explainStart(error);
  });
  if (isScheduler) {
    await boss.createQueue(FAILED);
    const rules = { retryLimit: retries, retryDelay, retryBackoff: true, expireInSeconds: expireIn };
    await boss.createQueue(JOBS, { name: JOBS, deadLetter: FAILED, ...rules });
    await boss.updateQueue(JOBS, { name: JOBS, deadLetter: FAILED, ...rules });
  }
  return new BossQueue(boss);
}

/** What pg-boss says to a worker, which never makes tables. */
function explainStart(error: unknown): unknown {
  const text = error instanceof Error ? error.message : '';
  if (text === 'pg-boss is not installed') {
    return new UsageError('This store has no queue yet: "bowerbird org scan" makes it. Start a night first.');
  }
  if (text !== 'pg-boss database requires migrations') return error;
  return new UsageError('The queue of this store is of another version. Run the same bowerbird on all machines.');
}

class BossQueue implements JobQueue {
  readonly #boss: PgBoss;

  constructor(boss: PgBoss) {
    this.#boss = boss;
  }

  async put(jobs: readonly RepositoryJob[]): Promise<void> {
    for (let from = 0; from < jobs.length; from += BATCH) {
      const batch = jobs.slice(from, from + BATCH).map((job) => ({ name: JOBS, id: nameJob(job), ...job, data: job }));
      await this.#boss.insert(batch);
    }
  }

  take(most: number): Promise<readonly TakenJob[]> {
    return this.#takeFrom(JOBS, most);
  }

  takeFailed(most: number): Promise<readonly TakenJob[]> {
    return this.#takeFrom(FAILED, most);
  }

  async #takeFrom(queue: string, most: number): Promise<readonly TakenJob[]> {
    const jobs = await this.#boss.fetch<RepositoryJob>(queue, { batchSize: most, includeMetadata: true });
    // The statement picks the most urgent, and returns them in any order.
    const ordered = [...jobs].sort((a, b) => b.priority - a.priority);
    return ordered.map(({ id, data, retryCount }) => ({ ...data, id, tries: retryCount }));
  }

  done({ id }: TakenJob, transaction?: QueueDatabase): Promise<void> {
    return this.#boss.complete(JOBS, id, {}, optionsOf(transaction));
  }

  bury({ id }: TakenJob, transaction?: QueueDatabase): Promise<void> {
    return this.#boss.complete(FAILED, id, {}, optionsOf(transaction));
  }

  fail(jobId: string, reason: string): Promise<void> {
    return this.#boss.fail(JOBS, jobId, { reason });
  }

  async watch(): Promise<QueueCounts> {
    const [waiting, unfinished, failed] = await Promise.all([
      this.#boss.getQueueSize(JOBS, { before: 'active' }),
      this.#boss.getQueueSize(JOBS, { before: 'completed' }),
      this.#boss.getQueueSize(FAILED, { before: 'completed' }),
    ]);
    return { waiting, active: unfinished - waiting, failed };
  }

  stop(): Promise<void> {
    return this.#boss.stop({ graceful: true, wait: true });
  }
}

/** The same job has the same id, whoever puts it and however often: a UUID of version 8 made from its names. */
function nameJob({ run, repository }: RepositoryJob): string {
  const hex = createHash('sha256').update(`${run}\n${repository}`).digest('hex');
  const variant = (8 + (Number.parseInt(hex.slice(16, 17), 16) % 4)).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function adapt(database: QueueDatabase): PgBoss.Db {
  return {
    async executeSql(text, values) {
      const { rows } = await database.executeSql(text, values);
      return { rows: [...rows] };
    },
  };
}

function optionsOf(transaction: QueueDatabase | undefined): PgBoss.ConnectionOptions {
  return transaction === undefined ? {} : { db: adapt(transaction) };
}
