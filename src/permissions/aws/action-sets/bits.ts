import { ASKED_WORDS, KEYS, LISTED } from './numbers.ts';

/** A set of numbered actions, one bit for each. Never changed once it is handed out. */
export type ActionBits = Int32Array;

/** The part of a set that powers ask for: one word for each of `ASKED_WORDS`. */
export type AskedBits = Int32Array;

const WORDS = Math.ceil(KEYS.length / 32);
/** Which of `ASKED_WORDS` a word of a set is; -1: none. */
const SLOTS = Int32Array.from({ length: WORDS }, (_, word) => ASKED_WORDS.indexOf(word));
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

/** Adds a set, or a part of one, to what its maker still fills. */
export function addBits(bits: ActionBits, added: ActionBits): void {
  for (let word = 0; word < added.length; word += 1) bits[word] = wordAt(bits, word) | wordAt(added, word);
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

/** Some actions, less those of other sets, and only what a limit lets pass. Nothing is computed before it is asked. */
export interface Remainder {
  readonly of: ActionBits;
  readonly without: readonly ActionBits[];
  readonly within?: ActionBits;
}

/** A set of which nothing is taken. */
export function wholeOf(bits: ActionBits): Remainder {
  return { of: bits, without: [] };
}

export function isWhole({ without: taken, within }: Remainder): boolean {
  return taken.length === 0 && within === undefined;
}

export function remains(rest: Remainder, number: number): boolean {
  return ((remainingWord(rest, number >>> 5) >>> (number & 31)) & 1) === 1;
}

export function noneAsked(): AskedBits {
  return new Int32Array(ASKED_WORDS.length);
}

/** Whether an action is in the asked part of a set; undefined for one that no power asks for. */
export function isAsked(bits: AskedBits, number: number): boolean | undefined {
  const slot = SLOTS[number >>> 5] ?? -1;
  return slot < 0 ? undefined : ((wordAt(bits, slot) >>> (number & 31)) & 1) === 1;
}

/** Adds an action to the asked part of a set that its maker still fills, or takes it out. */
export function setAsked(bits: AskedBits, number: number, isIn: boolean): void {
  const slot = SLOTS[number >>> 5] ?? -1;
  const bit = 1 << (number & 31);
  if (slot >= 0) bits[slot] = isIn ? wordAt(bits, slot) | bit : wordAt(bits, slot) & ~bit;
}

export function isEmpty(bits: ActionBits): boolean {
  for (let word = 0; word < bits.length; word += 1) if (bits[word] !== 0) return false;
  return true;
}

/** What remains among the actions that powers ask for. */
export function askedOf(rest: Remainder): AskedBits {
  const words = noneAsked();
  for (let slot = 0; slot < words.length; slot += 1) words[slot] = remainingWord(rest, ASKED_WORDS[slot] ?? 0);
  return words;
}

/** The lowest number of a set that remains, of the actions that the vendor's list has; undefined: none does. */
export function firstRemaining(set: ActionBits, rest: Remainder): number | undefined {
  for (let word = 0; word < WORDS; word += 1) {
    const own = wordAt(set, word);
    const common = own === 0 ? 0 : own & remainingWord(rest, word);
    if (common !== 0) return listed(lowestOf(word, common));
  }
  return undefined;
}

/** Whether a deny or a limit takes something away of numbers that were there; of actions that the vendor's list has. */
export function isTaken(numbers: readonly number[], rest: Remainder): boolean {
  const taken = numbers.find((number) => hasNumber(rest.of, number) && !remains(rest, number));
  return taken !== undefined && taken < LISTED;
}

function remainingWord({ of, without: taken, within }: Remainder, word: number): number {
  let bits = wordAt(of, word);
  for (let index = 0; bits !== 0 && index < taken.length; index += 1) bits &= ~wordAt(taken[index] as ActionBits, word);
  return within === undefined ? bits : bits & wordAt(within, word);
}

function lowestOf(word: number, bits: number): number {
  return word * 32 + 31 - Math.clz32(bits & -bits);
}

function listed(number: number): number | undefined {
  return number < LISTED ? number : undefined;
}

function wordAt(bits: ActionBits, word: number): number {
  return bits[word] as number;
}
