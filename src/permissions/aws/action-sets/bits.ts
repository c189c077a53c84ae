import { ASKED_WORDS, KEYS, LISTED } from './numbers.ts';

/** A set of numbered actions, one bit for each. Never changed once it is handed out. */
export type ActionBits = Int32Array;

/**
 * The part of a set that powers ask for: one word for each of `ASKED_WORDS`. A plain list: each principal makes a few
 * dozen, and typed arrays of this length would each take memory outside the heap.
 */
export type AskedBits = number[];

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
  const words: AskedBits = [];
  for (let slot = 0; slot < ASKED_WORDS.length; slot += 1) words.push(0);
  return words;
}

/** Adds the asked part of a set to what its maker still fills. */
export function addAsked(bits: AskedBits, added: AskedBits): void {
  for (let slot = 0; slot < added.length; slot += 1) bits[slot] = slotAt(bits, slot) | slotAt(added, slot);
}

/** What is in both, of the part that powers ask for. */
export function bothAsked(left: AskedBits, right: AskedBits): AskedBits {
  const words: AskedBits = [];
  for (let slot = 0; slot < left.length; slot += 1) words.push(slotAt(left, slot) & slotAt(right, slot));
  return words;
}

/** What is in the first and not in the second, of the part that powers ask for. */
export function askedWithout(left: AskedBits, right: AskedBits): AskedBits {
  const words: AskedBits = [];
  for (let slot = 0; slot < left.length; slot += 1) words.push(slotAt(left, slot) & ~slotAt(right, slot));
  return words;
}

/** Whether an action is in the asked part of a set; undefined for one that no power asks for. */
export function isAsked(bits: AskedBits, number: number): boolean | undefined {
  const slot = SLOTS[number >>> 5] ?? -1;
  return slot < 0 ? undefined : ((slotAt(bits, slot) >>> (number & 31)) & 1) === 1;
}

/** Adds an action to the asked part of a set that its maker still fills, or takes it out. */
export function setAsked(bits: AskedBits, number: number, isIn: boolean): void {
  const slot = SLOTS[number >>> 5] ?? -1;
  const bit = 1 << (number & 31);
  if (slot >= 0) bits[slot] = isIn ? slotAt(bits, slot) | bit : slotAt(bits, slot) & ~bit;
}

export function isNoneAsked(bits: AskedBits): boolean {
  for (let slot = 0; slot < bits.length; slot += 1) if (bits[slot] !== 0) return false;
  return true;
}

/** What remains among the actions that powers ask for. */
export function askedOf(rest: Remainder): AskedBits {
  const words: AskedBits = [];
  for (let slot = 0; slot < ASKED_WORDS.length; slot += 1) words.push(remainingWord(rest, ASKED_WORDS[slot] ?? 0));
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

/** A small set: the words in which an action stands, and their bits. */
export interface SparseBits {
  readonly words: readonly number[];
  readonly bits: readonly number[];
}

/** Of numbers in ascending order. */
export function sparseOf(numbers: readonly number[]): SparseBits {
  const [words, bits]: [number[], number[]] = [[], []];
  for (const number of numbers) {
    const last = words.length - 1;
    if (words[last] === number >>> 5) bits[last] = (bits[last] ?? 0) | (1 << (number & 31));
    else {
      words.push(number >>> 5);
      bits.push(1 << (number & 31));
    }
  }
  return { words, bits };
}

/** Whether a deny or a limit takes something away of actions that were there, and that the vendor's list has. */
export function isTaken({ words, bits }: SparseBits, rest: Remainder): boolean {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] as number;
    const there = (bits[index] as number) & wordAt(rest.of, word);
    const taken = there === 0 ? 0 : there & ~remainingWord(rest, word);
    if (taken !== 0) return lowestOf(word, taken) < LISTED;
  }
  return false;
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

function slotAt(bits: AskedBits, slot: number): number {
  return bits[slot] as number;
}
