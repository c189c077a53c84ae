import { matchesWildcard } from '../../../lib/patterns/wildcard.ts';
import type { PatternList } from '../../contract.ts';
import { CIPHER_ACTIONS } from '../judged/writes.ts';
import { HARMLESS_WORTH, highest, isChange, isHarmless, type Worth, worthOf } from '../levels.ts';
import { isObjectAction, isOfKind, servicesTaking } from '../resources.ts';
import { ACTIONS } from '../tables.ts';
import {
  type ActionBits,
  addNumbers,
  allActions,
  bitsOf,
  firstRemaining,
  noActions,
  type Remainder,
  type SparseBits,
  sparseOf,
  without,
} from './bits.ts';
import { serviceOf } from './list.ts';
import { KEYS, LISTED, numberOf, numbersOfService, worthOfNumber } from './numbers.ts';

/** Most patterns, and most lists of patterns, whose actions are kept. Together some 10 MB at most. */
const MOST_PATTERNS = 20_000;
const MOST_LISTS = 1_000;
/** Most numbers that all patterns together keep. */
const MOST_NUMBERS = 2_000_000;

/** The actions that a list of patterns names. */
export interface NamedActions {
  readonly bits: ActionBits;
  /** The same without what is harmless whatever it names. */
  readonly weighed: ActionBits;
  readonly hasHarmless: boolean;
  /** Actions that are worth no more than reading here, where they are left. */
  readonly reading?: ActionBits;
  /** Patterns, in lower case, that name no action of the vendor's list; they are judged by their own words. */
  readonly unlisted: readonly { readonly pattern: string; readonly worth: Worth }[];
}

/** Turns patterns into sets of numbered actions, each text once. */
export class ActionSets {
  private readonly patterns = new Map<string, readonly number[]>();
  private readonly lists = new Map<string, NamedActions>();
  private readonly worths = new Map<string, Worth>();
  private readonly changing = new Map<string, boolean>();
  private readonly kinds = new Map<string, ActionBits>();
  private readonly sparse = new WeakMap<readonly number[], SparseBits>();
  private numbers = 0;

  /** The actions that a list names. */
  named(list: PatternList): NamedActions {
    // The order says nothing: documents that tools and people write differ in it.
    const key = `${list.except} ${list.unknown} ${[...list.patterns].sort().join('\n')}`;
    const known = this.lists.get(key);
    if (known !== undefined) return known;
    const made = list.except ? this.allExcept(list) : this.union(list.patterns);
    if (this.lists.size >= MOST_LISTS) this.lists.clear();
    this.lists.set(key, made);
    return made;
  }

  /** The highest worth of what a pattern names; one that names nothing that is known is judged by its verb. */
  worthOf(pattern: string): Worth {
    const known = this.worths.get(pattern);
    if (known !== undefined) return known;
    const worth = this.judge(pattern);
    if (this.worths.size >= MOST_PATTERNS) this.worths.clear();
    this.worths.set(pattern, worth);
    return worth;
  }

  /** True for everything of a service, where that changes what is there, also what no statement can name. */
  changesService(pattern: string): boolean {
    const known = this.changing.get(pattern);
    if (known !== undefined) return known;
    const text = pattern.toLowerCase();
    const changes = /:\*+$/.test(text) && !isHarmless(text) && ACTIONS.get(serviceOf(text))?.some(isChange) === true;
    if (this.changing.size >= MOST_PATTERNS) this.changing.clear();
    this.changing.set(pattern, changes);
    return changes;
  }

  /** Numbers of the actions that a pattern names, the highest worth first. */
  numbersOf(pattern: string): readonly number[] {
    const text = pattern.toLowerCase();
    const known = this.patterns.get(text);
    if (known !== undefined) return known;
    const made = findNumbers(text);
    if (this.patterns.size >= MOST_PATTERNS || this.numbers > MOST_NUMBERS) {
      this.patterns.clear();
      this.numbers = 0;
    }
    this.numbers += made.length;
    this.patterns.set(text, made);
    return made;
  }

  /** The same as a small set. */
  sparseOf(pattern: string): SparseBits {
    const numbers = this.numbersOf(pattern);
    const made = this.sparse.get(numbers) ?? sparseOf(numbers);
    this.sparse.set(numbers, made);
    return made;
  }

  /** Actions that can take what a broad resource names; undefined: all of them. */
  taking(resource: string): ActionBits | undefined {
    const services = servicesTaking(resource);
    if (services === undefined) return undefined;
    const known = this.kinds.get(resource);
    if (known !== undefined) return known;
    const numbers = services.flatMap(numbersOfService);
    const made = bitsOf(numbers.filter((number) => isOfKind(KEYS[number] ?? '', resource)));
    if (this.kinds.size >= MOST_LISTS) this.kinds.clear();
    this.kinds.set(resource, made);
    return made;
  }

  private judge(pattern: string): Worth {
    if (isHarmless(pattern.toLowerCase())) return HARMLESS_WORTH;
    const [first] = this.numbersOf(pattern);
    return (first === undefined ? undefined : worthOfNumber(first)) ?? worthOf(pattern);
  }

  private union(patterns: readonly string[]): NamedActions {
    const isPlain = (pattern: string): boolean => !isHarmless(pattern.toLowerCase());
    const plain = patterns.filter(isPlain);
    const weighed = this.fill(plain);
    const hasHarmless = plain.length < patterns.length;
    const bits = hasHarmless ? this.fill(patterns) : weighed;
    const unlisted = plain.filter((pattern) => !((this.numbersOf(pattern)[0] ?? LISTED) < LISTED));
    const judged = unlisted.map((pattern) => ({ pattern: pattern.toLowerCase(), worth: worthOf(pattern) }));
    return { bits, weighed, hasHarmless, unlisted: judged };
  }

  private allExcept({ patterns, unknown }: PatternList): NamedActions {
    const bits = unknown ? noActions() : without(allActions(), this.fill(patterns));
    return { bits, weighed: bits, hasHarmless: false, unlisted: [] };
  }

  private fill(patterns: readonly string[]): ActionBits {
    const bits = noActions();
    for (const pattern of patterns) addNumbers(bits, this.numbersOf(pattern));
    return bits;
  }
}

/** The same where keys of KMS may be used by services alone: by itself that is no more than reading. */
export function throughServices(named: NamedActions): NamedActions {
  const ciphers = bitsOf(CIPHER_ACTIONS.flatMap((action) => numberOf(action) ?? []));
  return { ...named, weighed: without(named.weighed, ciphers), reading: ciphers };
}

/** The same on buckets alone: actions on objects have nothing to act on. */
export function onBuckets(named: NamedActions): NamedActions {
  const objects = bitsOf(numbersOfService('s3').filter((number) => isObjectAction(KEYS[number] ?? '')));
  return { ...named, bits: without(named.bits, objects), weighed: without(named.weighed, objects) };
}

/** What is left of the named actions is worth this; `isLeft` answers for patterns that no list names. */
export function worthLeft(
  { weighed, hasHarmless, reading, unlisted }: NamedActions,
  left: Remainder,
  isLeft: (pattern: string) => boolean,
): Worth | undefined {
  const first = firstRemaining(weighed, left);
  const listed = first === undefined ? undefined : worthOfNumber(first);
  const reads = hasHarmless || (reading !== undefined && firstRemaining(reading, left) !== undefined);
  if (unlisted.length === 0 && !reads) return listed;
  const worths = unlisted.filter(({ pattern }) => isLeft(pattern)).map(({ worth }) => worth);
  return highest([...worths, ...(listed === undefined ? [] : [listed]), ...(reads ? [HARMLESS_WORTH] : [])]);
}

function findNumbers(text: string): readonly number[] {
  if (!/[*?]/.test(text)) {
    const number = numberOf(text);
    return number === undefined ? [] : [number];
  }
  const service = serviceOf(text);
  if (text === '*' || text === '*:*') return KEYS.map((_, number) => number);
  if (text === `${service}:*`) return /[*?]/.test(service) ? matching(text) : numbersOfService(service);
  if (/[*?]/.test(service)) return matching(text);
  return numbersOfService(service).filter((number) => matchesWildcard(text, KEYS[number] ?? ''));
}

function matching(text: string): readonly number[] {
  return KEYS.flatMap((key, number) => (matchesWildcard(text, key) ? [number] : []));
}
