import { describe, expect, it } from 'vitest';
import {
  type AttemptResult,
  countOverdue,
  finishRun,
  listAges,
  listIdentityChanges,
  listOverdue,
  listSpreadSecrets,
  listTrend,
  listUnread,
  type Store,
  timeToFix,
  windowOf,
} from '../../../src/store/index.ts';
import { itRarely } from '../../it-rarely.ts';
import { begin, makeFinding, makeScope, put } from '../make-result.ts';
import { day, emptyStore } from '../open-store.ts';

/** Stores the results of a night, by repository, and ends it. */
async function night(
  { db }: Store,
  number: number,
  results: Readonly<Record<string, Partial<AttemptResult>>>,
): Promise<number> {
  const run = await begin(db, day(number));
  for (const [repository, result] of Object.entries(results)) await put(db, run, repository, result, day(number));
  await finishRun(db, run, day(number));
  return run;
}

const identity = (id: string, tier: number | undefined, owner: string) => ({
  ...(tier === undefined ? {} : { tier }),
  ...{ id, kind: 'identity', type: 'role', provider: 'aws', name: id, owner, scope: 'git', body: {} },
});

/** Questions that a morning asks. */
export function describeQuestions(store: () => Store): void {
  describe('questions', () => {
    itRarely('say how long findings took, how old the others are, and which break their limit', async () => {
      const { db } = store();
      await emptyStore(db);
      const findings = [1, 2, 3, 4].map((number) =>
        makeFinding(`f${number}`, { owner: 'team', rule: `rule${number % 2}` }),
      );
      const low = makeFinding('low', { severity: 'low', owner: 'other' });
      const accepted = makeFinding('ok', { severity: 'critical', suppressed: true });
      await night(store(), 1, { r: { findings: [...findings, low, accepted] } });
      await night(store(), 3, { r: { findings: [...findings.slice(1), low, accepted] } });
      await night(store(), 11, { r: { findings: [...findings.slice(3), low, accepted] } });
      expect(await timeToFix(db, 'owner', day(0))).toEqual([{ group: 'team', fixed: 3, medianDays: 10, p90Days: 10 }]);
      expect(await timeToFix(db, 'rule', day(0))).toEqual([
        { group: 'rule0', fixed: 1, medianDays: 10, p90Days: 10 },
        { group: 'rule1', fixed: 2, medianDays: 6, p90Days: expect.closeTo(9.2) },
      ]);
      expect(await timeToFix(db, 'repository', day(12))).toEqual([]);
      expect(await listAges(db, day(12))).toEqual([
        { severity: 'high', open: 1, oldestDays: 11, medianDays: 11 },
        { severity: 'low', open: 1, oldestDays: 11, medianDays: 11 },
      ]);
      const limits = { critical: 1, high: 7, low: 15 };
      expect(await countOverdue(db, limits, day(12))).toEqual([
        { severity: 'high', now: 1, soon: 0 },
        { severity: 'low', now: 0, soon: 1 },
      ]);
      expect(await listOverdue(db, limits, { now: day(12) })).toMatchObject([
        { id: 'f4', dueAt: day(8), repository: 'r' },
      ]);
      expect((await listOverdue(db, limits, { now: day(12), until: day(19) })).map(({ id }) => id)).toEqual([
        'f4',
        'low',
      ]);
      await db
        .insertInto('acceptance')
        .values({ finding: 'f4', reason: 'x', owner: 'y', expires_at: day(13), at: day(12) })
        .execute();
      expect(await listOverdue(db, limits, { now: day(12) })).toEqual([]);
      expect(await listOverdue(db, limits, { now: day(14) })).toHaveLength(1);
    });

    itRarely('say which secrets spread, what is not read and since when, and how it goes', async () => {
      const { db } = store();
      await emptyStore(db);
      const shared = { findings: [makeFinding('shared'), makeFinding('p', { kind: 'posture' })] };
      await night(store(), 1, { a: shared, b: shared, c: { findings: [makeFinding('alone')] } });
      expect(await listSpreadSecrets(db)).toMatchObject([{ id: 'shared', repositories: ['a', 'b'] }]);
      for (const number of [2, 3]) {
        const failed = { scopes: [makeScope('git', 'failed')], restRead: false };
        await night(store(), number, { a: failed, b: {}, c: { findings: [] } });
      }
      expect(await listSpreadSecrets(db)).toEqual([]);
      expect(await listUnread(db)).toMatchObject([
        { repository: 'a', scope: 'git', state: 'failed', sinceAt: day(2), lastOkAt: day(1) },
      ]);
      const trend = await listTrend(db, 'github:acme', 2);
      expect(trend.map(({ startedAt, counts }) => [startedAt, counts.fixed, counts.open, counts.failed])).toEqual([
        [day(2), 1, 2, 1],
        [day(3), 0, 2, 1],
      ]);
      expect(trend[1]?.counts.bySeverity).toEqual({ high: 2 });
      await night(store(), 4, { a: shared });
      expect(await listUnread(db)).toEqual([]);
    });

    it('say which identities are new, gone, back, or have another tier or owner', async () => {
      const { db } = store();
      await emptyStore(db);
      const changes = async (run: number) =>
        (await listIdentityChanges(db, await windowOf(db, run))).map(({ id, kind, was, now }) => [id, kind, was, now]);
      const first = await night(store(), 1, {
        a: { identities: [identity('i', 2, 'ann'), identity('j', undefined, '')] },
        b: { identities: [identity('i', 3, '')] },
      });
      expect(await changes(first)).toEqual([
        ['i', 'new', '', ''],
        ['j', 'new', '', ''],
      ]);
      // The most powerful source counts, and an owner that any of them names.
      const second = await night(store(), 2, {
        a: { identities: [identity('i', 4, '')] },
        b: { identities: [identity('i', 3, '')] },
      });
      expect(await changes(second)).toEqual([
        ['i', 'owner', 'ann', ''],
        ['i', 'tier', '2', '3'],
        ['j', 'gone', '', ''],
      ]);
      const third = await night(store(), 3, {
        a: { identities: [identity('i', 0, ''), identity('j', undefined, '')] },
      });
      expect(await changes(third)).toEqual([
        ['i', 'tier', '3', '0'],
        ['j', 'back', '', ''],
      ]);
    });
  });
}
