import { type ByteSet, setWhere, sizeOf, uniteSets } from './byte-set.ts';
import { ANY_BYTE, firstBytes, meetSets, onlyByte } from './first-bytes.ts';
import { lengthOf } from './measure.ts';
import { CODE, GROUPS_MOST, TARGET } from './program-codes.ts';
import type { Tree } from './tree.ts';

/** A pattern as instructions for the matcher on bytes (`CODE`). */
export interface Program {
  readonly codes: readonly number[];
  /** Names of the groups; slots `2 * index` and `2 * index + 1` are start and end of each. */
  readonly groups: readonly string[];
  /** Bytes that a match can begin with. */
  readonly first: ByteSet;
}

/** Longest program. Repetitions of groups are unrolled. */
const CODES_MOST = 3000;
const OPERAND_MOST = 0xffff;

/** Thrown and caught in this file: the pattern then runs as a regular expression. */
class Unfit extends Error {}

/**
 * Compiles a pattern for the matcher on bytes; `numberOf` returns the number of a set. Returns undefined for a pattern
 * that programs cannot express: back-references, lookbehinds of no fixed length, groups inside repetitions or
 * lookarounds, repeated parts that may be empty.
 */
export function compileProgram(tree: Tree, numberOf: (set: ByteSet) => number): Program | undefined {
  const compiler = new ProgramCompiler(numberOf);
  try {
    compiler.add(tree, ANY_BYTE);
    compiler.emit(CODE.match);
  } catch (error) {
    if (error instanceof Unfit) return undefined;
    throw error;
  }
  return { codes: compiler.codes, groups: compiler.groups, first: firstBytes(tree, ANY_BYTE) };
}

class ProgramCompiler {
  readonly codes: number[] = [];
  readonly groups: string[] = [];
  readonly #numberOf: (set: ByteSet) => number;
  #insideLook = false;

  constructor(numberOf: (set: ByteSet) => number) {
    this.#numberOf = numberOf;
  }

  emit(...codes: readonly number[]): number {
    if (this.codes.length + codes.length > CODES_MOST || codes.some((code) => code > OPERAND_MOST)) throw new Unfit();
    this.codes.push(...codes);
    return this.codes.length - codes.length;
  }

  /** `rest`: bytes that may follow this part. */
  add(tree: Tree, rest: ByteSet): void {
    switch (tree.kind) {
      case 'set':
        this.emit(CODE.byte, this.#numberOf(tree.set));
        return;
      case 'sequence':
        this.#addSequence(tree.parts, rest);
        return;
      case 'choice':
        this.#addChoice(tree.options, rest);
        return;
      case 'group':
        this.#addGroup(tree.name, tree.part, rest);
        return;
      case 'repeat':
        this.#addRepeat(tree, rest);
        return;
      case 'look':
        this.#addLook(tree, rest);
        return;
      case 'edge':
        this.#addEdge(tree.edge);
        return;
      default:
        throw new Unfit();
    }
  }

  #addSequence(parts: readonly Tree[], rest: ByteSet): void {
    const after: ByteSet[] = [rest];
    for (const part of parts.slice(1).reverse()) after.unshift(firstBytes(part, after[0] ?? rest));
    for (const [index, part] of parts.entries()) this.add(part, after[index] ?? rest);
  }

  #addChoice(options: readonly Tree[], rest: ByteSet): void {
    const firsts = options.map((option) => firstBytes(option, rest));
    const ends: number[] = [];
    for (const [index, option] of options.entries()) {
      if (index === options.length - 1) {
        this.add(option, rest);
        continue;
      }
      const first = firsts[index] as ByteSet;
      const isAlone = lengthOf(option).min > 0 && isApart(first, uniteSets(firsts.slice(index + 1)));
      const fork = this.emit(isAlone ? CODE.branch : CODE.fork, this.#numberOf(first), 0);
      this.add(option, rest);
      ends.push(this.emit(CODE.jump, 0));
      this.#aim(fork + TARGET);
    }
    for (const end of ends) this.#aim(end + 1);
  }

  #addGroup(name: string, part: Tree, rest: ByteSet): void {
    if (this.#insideLook || this.groups.includes(name) || this.groups.length === GROUPS_MOST) throw new Unfit();
    const slot = 2 * (this.groups.push(name) - 1);
    this.emit(CODE.save, slot);
    this.add(part, rest);
    this.emit(CODE.save, slot + 1);
  }

  #addRepeat(tree: Tree & { readonly kind: 'repeat' }, rest: ByteSet): void {
    const { part, min, max } = tree;
    const set = onlyByte(part);
    if (max === 0) return;
    if (!Number.isFinite(max)) throw new Unfit();
    if (set !== undefined) this.#addRun(set, tree, rest);
    else if (lengthOf(part).min === 0) throw new Unfit();
    else this.#writeOut(tree, uniteSets([firstBytes(part, ANY_BYTE), rest]), min, max, rest);
  }

  #addRun(set: ByteSet, { min, max, lazy }: Tree & { readonly kind: 'repeat' }, rest: ByteSet): void {
    const own = this.#numberOf(set);
    if (min === max || isApart(set, rest)) this.emit(CODE.run, own, min, max);
    else this.emit(lazy ? CODE.runLazy : CODE.runBack, own, min, max, this.#numberOf(rest));
  }

  /** Unrolls a repetition. Each copy beyond the minimum may be skipped, together with those after it. */
  #writeOut(tree: Tree & { kind: 'repeat' }, between: ByteSet, min: number, max: number, rest: ByteSet): void {
    const { part, lazy } = tree;
    const first = this.#numberOf(firstBytes(part, ANY_BYTE));
    const isAlone = isApart(firstBytes(part, ANY_BYTE), rest);
    const code = isAlone ? CODE.branch : lazy ? CODE.forkLazy : CODE.fork;
    const forks: number[] = [];
    for (let copy = 0; copy < max; copy++) {
      if (copy >= min) forks.push(this.emit(code, first, 0));
      this.add(part, copy === max - 1 ? rest : between);
    }
    for (const fork of forks) this.#aim(fork + TARGET);
  }

  #addLook(look: Tree & { readonly kind: 'look' }, rest: ByteSet): void {
    const { behind, negate, part } = look;
    const only = onlyByte(part);
    if (only !== undefined) {
      const wanted = negate ? setWhere((byte) => only[byte] === 0) : only;
      this.emit(behind ? CODE.behind : CODE.ahead, this.#numberOf(wanted), negate ? 1 : 0);
      return;
    }
    const { min, max } = lengthOf(part);
    if (!behind || min === max) this.#addSubprogram(look, behind ? min : 0);
    else this.#addLooksBehind(look, rest);
  }

  /** Alternatives of several lengths: none of them, or any. */
  #addLooksBehind(look: Tree & { readonly kind: 'look' }, rest: ByteSet): void {
    if (look.part.kind !== 'choice') throw new Unfit();
    const looks = look.part.options.map((part): Tree => ({ ...look, part }));
    if (look.negate) for (const option of looks) this.add(option, rest);
    else this.#addChoice(looks, rest);
  }

  #addSubprogram({ negate, part }: Tree & { readonly kind: 'look' }, back: number): void {
    const outer = this.#insideLook;
    this.#insideLook = true;
    const at = this.emit(CODE.look, negate ? 1 : 0, back, 0);
    this.add(part, ANY_BYTE);
    this.emit(CODE.match);
    this.#aim(at + 3);
    this.#insideLook = outer;
  }

  #addEdge(edge: 'start' | 'end' | 'word' | 'no-word'): void {
    if (edge === 'start') this.emit(CODE.start, 0, 0);
    else if (edge === 'end') this.emit(CODE.end, 0, 0);
    else this.emit(CODE.word, edge === 'word' ? 1 : 0, 0);
  }

  /** Lets an operand mean the next instruction. */
  #aim(operand: number): void {
    this.codes[operand] = this.codes.length;
  }
}

function isApart(a: ByteSet, b: ByteSet): boolean {
  return sizeOf(meetSets(a, b)) === 0;
}
