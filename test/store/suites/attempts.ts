import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import {
  beat,
  beginAttempt,
  countChanges,
  finishRun,
  giveUpAttempt,
  listLostAttempts,
  type Store,
  startRun,
  storeAttempt,
  storeFailure,
  windowOf,
} from '../../../src/store/index.ts';
import { itRarely } from '../../it-rarely.ts';
import { begin, makeFinding, makePlaceRow, makeResult, makeScope, put } from '../make-result.ts';
import { day, emptyStore } from '../open-store.ts';

/** Storing what an attempt read: once, whole, and without a write where nothing changed. */
export function describeAttempts(store: () => Store): void {
  const count = async (table: 'finding' | 'place' | 'coverage' | 'event'): Promise<number> => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(store().db);
    return rows[0]?.n ?? -1;
  };

  /** The version of each row: it changes with each update, whatever that writes. */
  const versions = async (): Promise<string> => {
    const tables = ['finding', 'sighting', 'place', 'identity', 'identity_source', 'edge'];
    const parts: string[] = [];
    for (const table of tables) {
      const { rows } = await sql<{ v: string }>`
        select coalesce(string_agg(xmin::text || ctid::text, ',' order by ctid), '') as v
        from ${sql.table(table)}`.execute(store().db);
      parts.push(`${table}: ${rows[0]?.v}`);
    }
    return parts.join('\n');
  };

  describe('storing an attempt', () => {
    it('writes nothing of a late result: given up, of a wrong lease, or of a repository that is stored', async () => {
      const { db } = store();
      await emptyStore(db);
      const run = await begin(db, day(1));
      const start = { run, repository: 'r', worker: 'w', now: day(1) };
      const result = makeResult({ findings: [makeFinding('late')] });
      await beginAttempt(db, { ...start, id: 'a', lease: 'la' });
      expect(await storeAttempt(db, { id: 'a', lease: 'other' }, result, day(1))).toBe('late');
      // A second attempt takes the repository away from the first.
      await beginAttempt(db, { ...start, id: 'b', lease: 'lb' });
      expect(await storeAttempt(db, { id: 'a', lease: 'la' }, result, day(1))).toBe('late');
      expect(await storeAttempt(db, { id: 'a', lease: '' }, result, day(1))).toBe('late');
      await giveUpAttempt(db, 'b', 'worker lost');
      expect(await storeAttempt(db, { id: 'b', lease: 'lb' }, result, day(1))).toBe('late');
      expect([await count('finding'), await count('coverage'), await count('event')]).toEqual([0, 0, 0]);
      await beginAttempt(db, { ...start, id: 'c', lease: 'lc' });
      expect(await storeAttempt(db, { id: 'c', lease: 'lc' }, result, day(1))).toBe('stored');
      expect(await storeAttempt(db, { id: 'c', lease: 'lc' }, result, day(1))).toBe('late');
      expect(await beginAttempt(db, { ...start, id: 'd', lease: 'ld' })).toBe(false);
      expect([await count('finding'), await count('place'), await count('event')]).toEqual([1, 1, 1]);
    });

    itRarely('leaves rows alone that say the same already', async () => {
      const { db } = store();
      await emptyStore(db);
      const result = {
        findings: [makeFinding('same', { places: [makePlaceRow(), makePlaceRow({ line: 2 })] }), makeFinding('both')],
        identities: [
          {
            id: 'i',
            kind: 'identity',
            type: 't',
            provider: 'p',
            name: 'n',
            tier: 1,
            owner: 'o',
            scope: 'git',
            body: {},
          },
        ],
        edges: [{ from: 'i', kind: 'owns', to: 'j', scope: 'git', body: { evidence: [] } }],
      };
      for (const repository of ['r', 'q']) await put(db, await begin(db, day(1)), repository, result, day(1));
      await finishRun(db, await begin(db, day(1)), day(1));
      const before = await versions();
      const second = await begin(db, day(2));
      for (const repository of ['q', 'r']) await put(db, second, repository, result, day(2));
      await finishRun(db, second, day(2));
      expect(await versions()).toBe(before);
      expect(await countChanges(db, await windowOf(db, second))).toMatchObject({ still: 2, new: 0, fixed: 0 });
    });

    it('takes what PostgreSQL refuses: NUL, half of a pair, keys longer than an index holds, an id twice', async () => {
      const { db } = store();
      await emptyStore(db);
      const long = 'x'.repeat(50_000);
      const hostile = makeFinding(`id\0${long}`, {
        title: 'a\0b\ud800c\\u0000',
        body: { ['k\0']: ['\udc00', 'quote " \\'] },
        places: [
          makePlaceRow({ path: `p\0${long}`, scope: `s${long}` }),
          makePlaceRow({ path: `p\0${long}`, scope: `s${long}` }),
        ],
      });
      const scopes = [makeScope(`s${long}`)];
      const run = await begin(db, day(1));
      expect(await put(db, run, 'r', { findings: [hostile, hostile], scopes }, day(1))).toBe('stored');
      const finding = await db.selectFrom('finding').select(['title']).executeTakeFirstOrThrow();
      expect(finding.title).toBe('a\ufffdb\ufffdc\\u0000');
      const sighting = await db.selectFrom('sighting').select('body').executeTakeFirstOrThrow();
      expect(sighting.body).toEqual({ 'k\ufffd': ['\ufffd', 'quote " \\'] });
      expect(await count('place')).toBe(1);
      // The same again finds its rows, and an empty reading of the long scope closes the place.
      await finishRun(db, run, day(1));
      const next = await begin(db, day(2));
      await put(db, next, 'r', { findings: [], scopes }, day(2));
      expect((await finishRun(db, next, day(2))).fixed).toBe(1);
    });

    itRarely(
      'shows a finding by its worst sighting, and a secret that moved in one night is neither fixed nor reopened',
      async () => {
        const { db } = store();
        await emptyStore(db);
        const shared = (score: number, severity: string) => ({ findings: [makeFinding('f', { score, severity })] });
        const first = await begin(db, day(1));
        await put(db, first, 'a', shared(9, 'critical'), day(1));
        await put(db, first, 'b', shared(4, 'low'), day(1));
        await finishRun(db, first, day(1));
        const read = () =>
          db.selectFrom('finding').select(['severity', 'score', 'home', 'state']).executeTakeFirstOrThrow();
        expect(await read()).toEqual({ severity: 'critical', score: 9, home: 'a', state: 'open' });
        const second = await begin(db, day(2));
        await put(db, second, 'a', {}, day(2));
        expect(await read()).toEqual({ severity: 'low', score: 4, home: 'b', state: 'open' });
        await put(db, second, 'b', {}, day(2));
        await put(db, second, 'c', shared(5, 'medium'), day(2));
        expect(await finishRun(db, second, day(2))).toMatchObject({ fixed: 0, reopened: 0, new: 0, open: 1, read: 3 });
        expect(await read()).toEqual({ severity: 'medium', score: 5, home: 'c', state: 'open' });
      },
    );

    itRarely('goes on with a run that was not finished, and says which attempts are lost', async () => {
      const { db } = store();
      await emptyStore(db);
      const start = { target: 'github:acme', settingsHash: 's', now: day(1) };
      const run = await startRun(db, start);
      expect(await startRun(db, { ...start, now: day(2) })).toMatchObject({
        id: run.id,
        resumed: true,
        startedAt: day(1),
      });
      expect(await startRun(db, { ...start, target: 'github:other' })).toMatchObject({
        id: run.id + 1,
        resumed: false,
      });
      await beat(db, { id: 'w1', host: 'h', version: '1', now: day(1) });
      await beat(db, { id: 'w1', host: 'h', version: '1', now: day(3) });
      for (const [id, worker] of [
        ['a', 'w1'],
        ['b', 'w2'],
      ] as const)
        await beginAttempt(db, { id, run: run.id, repository: id, worker, lease: 'l', now: day(1) });
      expect((await listLostAttempts(db, day(2))).map(({ id }) => id)).toEqual(['b']);
      expect((await listLostAttempts(db, day(4))).map(({ id }) => id)).toEqual(['a', 'b']);
    });

    itRarely('says of a repository that always fails that nothing in it was looked at', async () => {
      const { db } = store();
      await emptyStore(db);
      const first = await begin(db, day(1));
      await put(db, first, 'r', { findings: [makeFinding('f')] }, day(1));
      await finishRun(db, first, day(1));
      const second = await begin(db, day(2));
      const failure = { run: second, state: 'failed', message: 'clone failed', now: day(2) } as const;
      await storeFailure(db, { ...failure, repository: 'r' });
      await storeFailure(db, { ...failure, repository: 'never-read' });
      expect(await finishRun(db, second, day(2))).toMatchObject({ failed: 2, read: 0, fixed: 0 });
      expect(await countChanges(db, await windowOf(db, second))).toMatchObject({ 'not-looked-at': 1, still: 0 });
      // A finding without a place holds of the repository as a whole, and goes when that was read without it.
      const whole = makeFinding('whole', { places: [makePlaceRow({ scope: '', path: '' })] });
      for (const [number, findings] of [
        [3, [whole]],
        [4, []],
      ] as const) {
        const run = await begin(db, day(number));
        await put(db, run, 'never-read', { findings }, day(number));
        expect(await finishRun(db, run, day(number))).toMatchObject({ fixed: number - 3, failed: 0 });
      }
    });
  });
}
