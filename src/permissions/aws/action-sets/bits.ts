import { KEYS, LISTED } from './numbers.ts';

/** A set of numbered actions, one bit for each. Never changed once it is handed out. */
export type ActionBits = Int32Array;

const WORDS = Math.ceil(KEYS.length / 32);
/** Bits of the last word that belong to an action. */
const LAST = KEYS.length % 32 === 0 ? -1 : (1 << (KEYS.length % 32)) - 1;

export function noActions(): ActionBits {
  return new Int32Array(WORDS);
}

export function allActions(): ActionBits {
  const bits = new Int32Array(WORDS).fill(-1);
  bits[WORDS - 1] = LAST;
  return bits;
}

export function bitsOf(numbers: Iterable<number>): ActionBits {
  const bits = noActions();
  addNumbers(bits, numbers);
  return bits;
}

/** Adds numbers to a set that its maker still fills. */
export function addNumbers(bits: ActionBits, numbers: Iterable<number>): void {
  for (const number of numbers) bits[number >>> 5] = wordAt(bits, number >>> 5) | (1 << (number & 31));
}

/** Adds a set to one that its maker still fills. */
export function addBits(bits: ActionBits, added: ActionBits): void {
  for (let word = 0; word < WORDS; word += 1) bits[word] = wordAt(bits, word) | wordAt(added, word);
}

export function hasNumber(bits: ActionBits, number: number): boolean {
  return ((wordAt(bits, number >>> 5) >>> (number & 31)) & 1) === 1;
}

/** What is in both. */
export function both(left: ActionBits, right: ActionBits): ActionBits {
  const bits = new Int32Array(WORDS);
  for (let word = 0; word < WORDS; word += 1) bits[word] = wordAt(left, word) & wordAt(right, word);
  return bits;
}

/** What is in the first and not in the second. */
export function without(left: ActionBits, right: ActionBits): ActionBits {
  const bits = new Int32Array(WORDS);
  for (let word = 0; word < WORDS; word += 1) bits[word] = wordAt(left, word) & ~wordAt(right, word);
  return bits;
}

/** What is in any of several sets; undefined for no set. */
export function unionOf(sets: readonly ActionBits[]): ActionBits | undefined {
  const [first] = sets;
  if (first === undefined || sets.length === 1) return first;
  const bits = noActions();
  for (const set of sets) addBits(bits, set);
  return bits;
}

export function isEmpty(bits: ActionBits): boolean {
  for (let word = 0; word < WORDS; word += 1) if (bits[word] !== 0) return false;
  return true;
}

/** The lowest number that is in both, of the actions that the vendor's list has; undefined: none is. */
export function firstOfBoth(left: ActionBits, right: ActionBits): number | undefined {
  for (let word = 0; word < WORDS; word += 1) {
    const common = wordAt(left, word) & wordAt(right, word);
    if (common === 0) continue;
    const number = word * 32 + 31 - Math.clz32(common & -common);
    return number < LISTED ? number : undefined;
  }
  return undefined;
}

function wordAt(bits: ActionBits, word: number): number {
  return bits[word] as number;
}
