import { ESCALATIONS } from '../actions.ts';
import { CREDENTIAL_ACTIONS, DATA_ACTIONS } from '../judged/reads.ts';
import { MEMBERSHIP_ACTIONS } from '../judged/writes.ts';
import { type Worth, worthOf } from '../levels.ts';
import { ACTION_BY_KEY, ACTIONS, PERMISSION_ACTIONS } from '../tables.ts';
import { serviceOf } from './list.ts';

// Every action has a number, the highest worth first. So sets of actions are bits, and the first bit tells the worth.
// Among those of equal worth, what powers ask for comes first: so it stands in a few words of a set.

interface Ranked {
  readonly key: string;
  readonly worth: Worth;
}

/** Actions that our own tables name, in lower case, and those that powers ask for beside them. */
const OWN: ReadonlySet<string> = new Set(
  [...ESCALATIONS.flatMap(({ actions }) => actions), ...CREDENTIAL_ACTIONS, ...DATA_ACTIONS, ...MEMBERSHIP_ACTIONS].map(
    (action) => action.toLowerCase(),
  ),
);
const ASKED: ReadonlySet<string> = new Set([...OWN, ...PERMISSION_ACTIONS.map((action) => action.toLowerCase())]);

const RANKED: readonly Ranked[] = [...ACTIONS.values()]
  .flat()
  .map((row) => ({ key: row.key, worth: worthOf(row.action, row) }))
  .sort(
    (a, b) =>
      a.worth.onAll - b.worth.onAll ||
      a.worth.onSome - b.worth.onSome ||
      Number(ASKED.has(b.key)) - Number(ASKED.has(a.key)),
  );

/** How many actions the vendor's list has. Those that only our own tables name come behind them. */
export const LISTED: number = RANKED.length;

/** Actions in lower case, by number. */
export const KEYS: readonly string[] = [
  ...RANKED.map(({ key }) => key),
  ...[...OWN].filter((action) => !ACTION_BY_KEY.has(action)),
];

/** Words of a set in which the actions stand that powers ask for. */
export const ASKED_WORDS: readonly number[] = [
  ...new Set(KEYS.flatMap((key, number) => (ASKED.has(key) ? [number >>> 5] : []))),
];

const NUMBERS: ReadonlyMap<string, number> = new Map(KEYS.map((key, number) => [key, number]));
const BY_SERVICE: ReadonlyMap<string, readonly number[]> = groupByService();

/** The number of an action in any case; undefined for one that nobody lists. */
export function numberOf(action: string): number | undefined {
  return NUMBERS.get(action.toLowerCase());
}

/** Numbers of the actions of a service, the highest worth first. */
export function numbersOfService(service: string): readonly number[] {
  return BY_SERVICE.get(service) ?? [];
}

/** What the action of a number is worth; undefined for one that the vendor's list does not have. */
export function worthOfNumber(number: number): Worth | undefined {
  return RANKED[number]?.worth;
}

function groupByService(): ReadonlyMap<string, readonly number[]> {
  const services = new Map<string, number[]>();
  KEYS.forEach((key, number) => {
    const own = services.get(serviceOf(key));
    if (own === undefined) services.set(serviceOf(key), [number]);
    else own.push(number);
  });
  return services;
}
