import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginAttempt, copyStore, openStore, type Store, storeAttempt } from '../../src/store/index.ts';
import { begin, makeFinding, makeResult, put } from './make-result.ts';
import { day, emptyStore, makeWorld, openEmbedded } from './open-store.ts';
import { startServer, type TestServer } from './start-server.ts';
import { describeAttempts } from './suites/attempts.ts';
import { describeChanges } from './suites/changes.ts';
import { describeQuestions } from './suites/questions.ts';
import { describeUpkeep } from './suites/upkeep.ts';
import { describeVersions } from './suites/versions.ts';

describe('a store on a server', () => {
  let server: TestServer;
  let opened: Store;
  const open = (): Promise<Store> => openStore({ place: server.address, builtInKey: false }, makeWorld());
  beforeAll(async () => {
    server = await startServer();
    const stores = await Promise.all([open(), open(), open()]);
    for (const store of stores.slice(1)) await store.close();
    opened = stores[0] ?? expect.unreachable();
  }, 120_000);
  afterAll(async () => {
    await opened?.close();
    await server?.stop();
  });
  const store = (): Store => opened;

  describeVersions(store);
  describeAttempts(store);
  describeQuestions(store);
  describeUpkeep(store);
  describeChanges(store);

  it('takes results of many workers at once: none is lost, none is stored twice', async () => {
    const { db } = store();
    await emptyStore(db);
    const run = await begin(db, day(1));
    // All of them hold the same findings, in any order.
    const findings = Array.from({ length: 300 }, (_, index) => makeFinding(`f${index}`));
    const repositories = Array.from({ length: 12 }, (_, index) => `r${index}`);
    const listed = (index: number) => [...findings.slice(index * 20), ...findings.slice(0, index * 20)];
    const outcomes = await Promise.all(
      repositories.map((repository, index) => put(db, run, repository, { findings: listed(index) }, day(1))),
    );
    expect(new Set(outcomes)).toEqual(new Set(['stored']));
    const count = (table: 'finding' | 'sighting' | 'event') =>
      db
        .selectFrom(table)
        .select(({ fn }) => fn.countAll().as('n'))
        .executeTakeFirstOrThrow();
    expect([(await count('finding')).n, (await count('sighting')).n, (await count('event')).n].map(Number)).toEqual([
      300, 3600, 300,
    ]);
  });

  it('stores one of two attempts that send their result at the same moment', async () => {
    const { db } = store();
    const run = await begin(db, day(1));
    for (let round = 0; round < 10; round += 1) {
      const start = { run, repository: `both${round}`, worker: 'w', lease: 'l', now: day(1) };
      await beginAttempt(db, { ...start, id: `a${round}` });
      // As if the first had not been given up: a clock or a network that nobody thought of.
      await db
        .insertInto('attempt')
        .values({
          id: `b${round}`,
          run,
          repository: start.repository,
          worker: 'w',
          lease: 'l',
          started_at: day(1),
          stored_at: null,
          error: null,
        })
        .execute();
      const send = (id: string) =>
        storeAttempt(db, { id, lease: 'l' }, makeResult({ findings: [makeFinding('x')] }), day(1));
      const outcomes = await Promise.all([send(`a${round}`), send(`b${round}`)]);
      expect(outcomes.sort()).toEqual(['late', 'stored']);
    }
  });

  it('is filled from a folder, and back', async () => {
    const { db } = store();
    await emptyStore(db);
    const embedded = await openEmbedded();
    try {
      const run = await begin(embedded.store.db, day(1));
      await put(embedded.store.db, run, 'r', { findings: [makeFinding('f')] }, day(1));
      expect(await copyStore(embedded.store.db, db)).toMatchObject({ finding: 1, run: 1, repository: 1 });
      await emptyStore(embedded.store.db);
      expect(await copyStore(db, embedded.store.db)).toMatchObject({ finding: 1, run: 1, repository: 1 });
    } finally {
      await embedded.end();
    }
  });

  it('says what to do about a database or a user that is not there', async () => {
    const other = server.address.replace(/[^/]+$/, 'nowhere');
    await expect(openStore({ place: other, builtInKey: false }, makeWorld())).rejects.toThrow(
      'Make it with "createdb"',
    );
  });
});
