import { PGlite, type Transaction } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobQueue, QueueDatabase, TakenJob } from '../../../src/fleet/queue/contract.ts';
import { openQueue, type QueueSettings } from '../../../src/fleet/queue/pg-boss.ts';
import { itRarely } from '../../it-rarely.ts';

/** Making a database takes seconds: all tests share it, each with a night of its own. */
let lite: PGlite;
let queue: JobQueue;
const errors: Error[] = [];
const settings: QueueSettings = {
  retries: 2,
  retryDelay: 0,
  expireIn: 3600,
  isScheduler: true,
  onError: (error) => void errors.push(error),
};

beforeAll(async () => {
  if (process.env['BOWERBIRD_TEST_LANE'] === undefined) return;
  lite = new PGlite();
  queue = await openQueue(databaseOf(lite), settings);
});

afterAll(async () => {
  await queue?.stop();
  await lite?.close();
});

function databaseOf(on: PGlite | Transaction): QueueDatabase {
  return {
    async executeSql(text, values) {
      if (values !== undefined && values.length > 0) return on.query(text, [...values]);
      const results = await on.exec(text);
      return results.at(-1) ?? { rows: [] };
    },
  };
}

describe('a worker', () => {
  it.each([
    [[{ name: null }], 'This store has no queue yet: "bowerbird org scan" makes it. Start a night first.'],
    [[{ name: 'pgboss.version', version: '1' }], 'The queue of this store is of another version.'],
  ])('does not start on a store without its queue: %j', async (rows, message) => {
    const asked: string[] = [];
    const executeSql = async (text: string) => {
      asked.push(text);
      return { rows };
    };
    await expect(openQueue({ executeSql }, { ...settings, isScheduler: false })).rejects.toThrow(message);
    expect(asked.filter((text) => /create|alter|insert|update|delete/i.test(text))).toEqual([]);
  });
});

/** Takes all that there is. */
async function takeAll(): Promise<readonly TakenJob[]> {
  const taken: TakenJob[] = [];
  for (;;) {
    const jobs = await queue.take(3);
    if (jobs.length === 0) return taken;
    taken.push(...jobs);
  }
}

itRarely('gives each job once, the most urgent first, however often it was put', async () => {
  const jobs = [3, 9, 5, 7].map((priority) => ({ run: 'order', repository: `r${priority}`, priority }));
  await queue.put(jobs);
  await queue.put(jobs);
  expect(await queue.watch()).toEqual({ waiting: 4, active: 0, failed: 0 });
  const taken = await takeAll();
  expect(taken.map(({ repository, tries }) => [repository, tries])).toEqual([
    ['r9', 0],
    ['r7', 0],
    ['r5', 0],
    ['r3', 0],
  ]);
  await queue.put(jobs);
  expect(await queue.watch()).toEqual({ waiting: 0, active: 4, failed: 0 });
  for (const job of taken) await queue.done(job);
  await queue.put(jobs);
  expect(await queue.watch()).toEqual({ waiting: 0, active: 0, failed: 0 });
});

itRarely('gives two workers different jobs', async () => {
  const jobs = Array.from({ length: 40 }, (_, at) => ({ run: 'two', repository: `r${at}`, priority: 0 }));
  await queue.put(jobs);
  const other = await openQueue(databaseOf(lite), { ...settings, isScheduler: false });
  const lists = await Promise.all([queue.take(20), other.take(20), queue.take(20)]);
  const names = lists.flat().map(({ repository }) => repository);
  expect([names.length, new Set(names).size]).toEqual([40, 40]);
  for (const job of lists.flat()) await other.done(job);
  await other.stop();
  expect(await queue.watch()).toEqual({ waiting: 0, active: 0, failed: 0 });
});

itRarely('is done together with what the transaction stores, or not at all', async () => {
  await queue.put([{ run: 'transaction', repository: 'r', priority: 0 }]);
  const [job] = await queue.take(1);
  if (job === undefined) throw new Error('a job was put');
  await lite.exec('create table result (repository text)');
  const store = lite.transaction(async (transaction) => {
    await transaction.query('insert into result values ($1)', [job.repository]);
    await queue.done(job, databaseOf(transaction));
    throw new Error('the machine is switched off');
  });
  await expect(store).rejects.toThrow('switched off');
  expect(await queue.watch()).toEqual({ waiting: 0, active: 1, failed: 0 });
  await lite.transaction((transaction) => queue.done(job, databaseOf(transaction)));
  expect(await queue.watch()).toEqual({ waiting: 0, active: 0, failed: 0 });
});

itRarely('tries a job again as often as it may, then says that it failed', async () => {
  await queue.put([{ run: 'failing', repository: 'r', priority: 0 }]);
  const tries: number[] = [];
  for (let at = 0; at < 3; at += 1) {
    const [job] = await takeWhenReady();
    tries.push(job?.tries ?? -1);
    await queue.fail(job?.id ?? '', 'the worker is gone');
  }
  expect(tries).toEqual([0, 1, 2]);
  expect(await queue.take(1)).toEqual([]);
  expect(await queue.watch()).toEqual({ waiting: 0, active: 0, failed: 1 });
  const [failed] = await queue.takeFailed(10);
  expect(failed).toMatchObject({ run: 'failing', repository: 'r' });
  if (failed !== undefined) await queue.bury(failed);
  expect(await queue.watch()).toEqual({ waiting: 0, active: 0, failed: 0 });
});

itRarely('has had no trouble in the background', () => {
  expect(errors).toEqual([]);
});

/** A job that failed is not there at once. */
async function takeWhenReady(): Promise<readonly TakenJob[]> {
  for (let waited = 0; waited < 200; waited += 1) {
    const jobs = await queue.take(1);
    if (jobs.length > 0) return jobs;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('the job never came back');
}
