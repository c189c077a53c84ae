import type { PrivilegeTier } from '../../../model/identity.ts';
import type { PowerFamily } from '../../contract.ts';
import { type AskedBits, isAsked, noneAsked, setAsked } from './bits.ts';
import { numberOf } from './numbers.ts';

/** An action with its number. */
export interface Numbered {
  readonly action: string;
  readonly number: number;
}

/** A family of powers each of which is one action. */
export interface PlainFamily {
  readonly family: PowerFamily;
  readonly actions: readonly Numbered[];
  /** The same by what they are worth on every resource. */
  readonly strongestFirst: readonly Numbered[];
  readonly mask: AskedBits;
  /** Words of the mask in which an action stands. */
  readonly slots: readonly number[];
  readonly tierOf: (action: string, everywhere: boolean) => PrivilegeTier;
}

/** Most actions that a list names. */
const MOST_ACTIONS = 200;
/** Most lists that are kept to be handed out again. */
const MOST_LISTS = 2000;
/** Most names that have a number. */
const MOST_NAMES = 20_000;

export function numbered(actions: readonly string[]): readonly Numbered[] {
  return actions.map((action) => ({ action, number: numberOf(action) ?? -1 }));
}

export function plainFamily(family: PowerFamily, names: readonly string[], tierOf: PlainFamily['tierOf']): PlainFamily {
  const actions = numbered([...new Set(names)]);
  const strongestFirst = [...actions].sort((a, b) => tierOf(a.action, true) - tierOf(b.action, true));
  const mask = noneAsked();
  for (const { number } of actions) setAsked(mask, number, true);
  const slots = mask.flatMap((word, slot) => (word === 0 ? [] : [slot]));
  return { family, actions, strongestFirst, mask, slots, tierOf };
}

const NO_NAMES: readonly string[] = [];

/** Lists of names. The same actions give the same list: thousands of principals share a few. */
export class NameLists {
  private readonly lists = new Map<string, readonly string[]>();
  /** Numbers of names, and the names of sets of actions that many powers have. */
  private readonly numbers = new Map<string, number>();
  private readonly names = new WeakMap<readonly string[], string>();

  /** Names of the actions of a family that are in a set, which holds no others. */
  of({ family, strongestFirst, slots }: PlainFamily, bits: AskedBits): readonly string[] {
    let key: string = family;
    for (const slot of slots) key += ` ${bits[slot]}`;
    const known = this.lists.get(key);
    if (known !== undefined) return known;
    const own = strongestFirst.filter(({ number }) => isAsked(bits, number));
    return this.add(
      key,
      own.slice(0, MOST_ACTIONS).map(({ action }) => action),
    );
  }

  /** The list itself, or an equal one that was handed out before. */
  keep(list: readonly string[]): readonly string[] {
    if (list.length === 0) return NO_NAMES;
    // Numbers, because texts of some kilobytes for each principal would cost more than what is found by them.
    let key = '';
    for (const name of list) key += ` ${this.numberOf(name)}`;
    return this.lists.get(key) ?? this.add(key, list);
  }

  /** Actions joined by ` + `. */
  nameOf(actions: readonly string[]): string {
    if (actions.length === 1) return actions[0] ?? '';
    const known = this.names.get(actions) ?? actions.join(' + ');
    this.names.set(actions, known);
    return known;
  }

  private numberOf(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    // Lists that are kept have keys of the numbers so far.
    if (this.numbers.size >= MOST_NAMES) {
      this.numbers.clear();
      this.lists.clear();
    }
    this.numbers.set(name, this.numbers.size);
    return this.numbers.size - 1;
  }

  private add(key: string, list: readonly string[]): readonly string[] {
    if (this.lists.size >= MOST_LISTS) this.lists.clear();
    this.lists.set(key, list);
    return list;
  }
}
