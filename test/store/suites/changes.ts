import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AttemptResult,
  type Change,
  countChanges,
  finishRun,
  listChanges,
  markUnchanged,
  type Store,
  windowOf,
} from '../../../src/store/index.ts';
import { tries } from '../../property/runs.ts';
import { begin, makeFinding, makePlaceRow, makeScope, put } from '../make-result.ts';
import { day, emptyStore } from '../open-store.ts';

/** How a scope of a repository was read in a night. `absent`: the repository was not attempted. */
type Reading = 'ok' | 'partial' | 'failed' | 'unchanged' | 'absent';

interface Night {
  /** For each repository: how it was read, and which findings are in it, with the ones in its history. */
  readonly repositories: readonly { readonly reading: Reading; readonly present: readonly number[] }[];
  /** Findings whose secret its provider calls dead. */
  readonly dead: readonly number[];
}

const REPOSITORIES = 3;
const FINDINGS = 4;

const night: fc.Arbitrary<Night> = fc.record({
  repositories: fc.array(
    fc.record({
      reading: fc.constantFrom<Reading>('ok', 'ok', 'partial', 'failed', 'unchanged', 'absent'),
      present: fc.uniqueArray(fc.nat(FINDINGS - 1)),
    }),
    { minLength: REPOSITORIES, maxLength: REPOSITORIES },
  ),
  dead: fc.uniqueArray(fc.nat(FINDINGS - 1), { maxLength: 1 }),
});

/** Findings with this number stand in a history wherever they are. */
const IN_HISTORY = 3;

/** The same in memory, as plainly as it can be said: what is known of each finding in each repository. */
class Oracle {
  /** By finding and repository: is it there, as far as anybody knows, and which night looked at it last. */
  readonly #places = new Map<string, { open: boolean; looked: number }>();
  readonly #findings = new Map<number, { first: number; opened: number; fixed: number | undefined; dead: boolean }>();

  night(number: number, { repositories, dead }: Night): Map<string, Change> {
    for (const [index, { reading, present }] of repositories.entries()) {
      for (const finding of reading === 'ok' || reading === 'partial' ? present : [])
        this.#see(finding, index, number, dead.includes(finding));
      this.#look(index, number, reading, present);
    }
    for (const [finding, known] of this.#findings) {
      const places = [...this.#places].filter(([key]) => key.startsWith(`${finding}/`)).map(([, place]) => place);
      const isLeft = places.some(({ open }) => open) || finding === IN_HISTORY;
      if (known.fixed === undefined && (known.dead || !isLeft)) known.fixed = number;
    }
    return this.#judge(number);
  }

  #see(finding: number, repository: number, number: number, isDead: boolean): void {
    const known = this.#findings.get(finding) ?? { first: number, opened: number, fixed: undefined, dead: false };
    this.#findings.set(finding, known);
    if (isDead) known.dead = true;
    if (known.fixed !== undefined && !known.dead) {
      known.opened = number;
      known.fixed = undefined;
    }
    this.#places.set(`${finding}/${repository}`, { open: true, looked: number });
  }

  /** What a whole reading does not list is gone; where nothing changed, all is as it was. */
  #look(repository: number, number: number, reading: Reading, present: readonly number[]): void {
    for (const [key, place] of this.#places) {
      if (!key.endsWith(`/${repository}`)) continue;
      const finding = Number(key.split('/')[0]);
      if (reading === 'ok' && !present.includes(finding)) place.open = false;
      if (reading === 'ok' || reading === 'unchanged') place.looked = number;
    }
  }

  #judge(number: number): Map<string, Change> {
    const changes = new Map<string, Change>();
    for (const [finding, { first, opened, fixed }] of this.#findings) {
      const places = [...this.#places].filter(
        ([key, { open }]) => key.startsWith(`${finding}/`) && (open || finding === IN_HISTORY),
      );
      const looked = Math.max(0, ...places.map(([, place]) => place.looked));
      if (fixed !== undefined && fixed < number) continue;
      if (fixed !== undefined) changes.set(`f${finding}`, 'fixed');
      else if (first === number) changes.set(`f${finding}`, 'new');
      else if (opened === number) changes.set(`f${finding}`, 'reopened');
      else changes.set(`f${finding}`, looked < number ? 'not-looked-at' : 'still');
    }
    return changes;
  }
}

/** What a reading of a repository reports. */
function resultOf(
  { reading, present }: Night['repositories'][number],
  dead: readonly number[],
): Partial<AttemptResult> {
  const isRead = reading === 'ok' || reading === 'partial';
  const findings = (isRead ? present : []).map((number) =>
    makeFinding(`f${number}`, {
      verdict: dead.includes(number) ? 'inactive' : 'not-tried',
      places: [makePlaceRow({ history: number === IN_HISTORY })],
    }),
  );
  const state = reading === 'ok' || reading === 'partial' ? reading : 'failed';
  return { scopes: [makeScope('git', state)], restRead: reading === 'ok', findings };
}

const ALL: readonly Change[] = ['new', 'fixed', 'reopened', 'still', 'not-looked-at'];

/** Runs of a history that is drawn at random, compared with the oracle. */
export function describeChanges(store: () => Store): void {
  /** Stores a night and returns what the store says of it. */
  async function runNight(number: number, { repositories, dead }: Night): Promise<Map<string, Change>> {
    const { db } = store();
    const run = await begin(db, day(number));
    // A repository is said to be unchanged only where it was read to the end before.
    for (const [index, given] of repositories.entries()) {
      const repository = `r${index}`;
      if (given.reading === 'unchanged') await markUnchanged(db, run, [repository]);
      else if (given.reading !== 'absent') await put(db, run, repository, resultOf(given, dead), day(number));
    }
    await finishRun(db, run, day(number));
    const window = await windowOf(db, run);
    const listed = await listChanges(db, window, ALL);
    const counts = await countChanges(db, window);
    for (const change of ALL)
      expect(counts[change], change).toBe(listed.filter((finding) => finding.change === change).length);
    return new Map(listed.map(({ id, change }) => [id, change]));
  }

  /** "Unchanged" after a night that was not read to the end is what no plan says: it becomes "absent". */
  function makePlausible(nights: readonly Night[]): readonly Night[] {
    const good = new Array<boolean>(REPOSITORIES).fill(false);
    return nights.map(({ repositories, dead }) => ({
      dead,
      repositories: repositories.map((given, index) => {
        const reading = given.reading === 'unchanged' && good[index] !== true ? 'absent' : given.reading;
        if (reading !== 'absent') good[index] = reading === 'ok' || reading === 'unchanged';
        return { ...given, reading };
      }),
    }));
  }

  describe('what became of findings', () => {
    it('is what a plain account in memory says, for random histories of runs', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(night, { minLength: 1, maxLength: 5 }), async (drawn) => {
          await emptyStore(store().db);
          const oracle = new Oracle();
          for (const [index, given] of makePlausible(drawn).entries()) {
            const answer = await runNight(index + 1, given);
            const sort = (map: Map<string, Change>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
            expect(sort(answer), `night ${index + 1}`).toEqual(sort(oracle.night(index + 1, given)));
          }
        }),
        tries(60),
      );
    }, 120_000);
  });
}
