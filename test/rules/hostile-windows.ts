import { type ByteSet, foldedBytes } from '../../src/detect/analyse/byte-set.ts';
import type { Tree } from '../../src/detect/analyse/tree.ts';

/** Distinct bytes that one repetition is pumped with. */
const BYTES_MOST = 12;
/** A byte that hardly any pattern takes. */
const MISS = 0;

type Repeat = Tree & { readonly kind: 'repeat' };

/**
 * Windows that make a careless pattern slow, each `length` bytes: the way to every repetition, then its sample or one byte of it again
 * and again, then a miss; and the same with the rest of the pattern up to its last byte.
 */
export function* hostileWindows(tree: Tree, length: number): Generator<Uint8Array> {
  const classes = representatives(tree);
  for (const { repeat, before, after } of repeatsOf(tree, [], [])) {
    const pumps = [sampleOf(repeat.part, 1), sampleOf(repeat.part, 2), sampleOf(repeat.part, repeat.max)];
    const bytes = classes.filter((byte) => takes(repeat.part, byte)).slice(0, BYTES_MOST);
    for (const pump of [...pumps, ...bytes.map((byte) => [byte])]) {
      if (pump.length === 0) continue;
      yield window([...before, ...fill(pump, length)], length);
      const full = fill(pump, Math.min(length, pump.length * Math.min(repeat.max, length)));
      const rest = after.slice(0, -1);
      yield window([...before, ...full, ...rest, MISS], length);
      yield window([...before, ...full, ...rest, MISS, ...fill([...before, ...full], length)], length);
    }
  }
}

interface Place {
  readonly repeat: Repeat;
  /** A sample of what stands before and after the repetition. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}

function* repeatsOf(tree: Tree, before: readonly number[], after: readonly number[]): Generator<Place> {
  if (tree.kind === 'sequence') yield* repeatsOfSequence(tree.parts, before, after);
  if (tree.kind === 'choice') for (const option of tree.options) yield* repeatsOf(option, before, after);
  if (tree.kind === 'group') yield* repeatsOf(tree.part, before, after);
  if (tree.kind === 'repeat') {
    if (tree.max > 1) yield { repeat: tree, before, after };
    yield* repeatsOf(tree.part, before, after);
  }
}

function* repeatsOfSequence(
  parts: readonly Tree[],
  before: readonly number[],
  after: readonly number[],
): Generator<Place> {
  const samples = parts.map((part) => sampleOf(part, 1));
  for (const [index, part] of parts.entries()) {
    yield* repeatsOf(
      part,
      [...before, ...samples.slice(0, index).flat()],
      [...samples.slice(index + 1).flat(), ...after],
    );
  }
}

/** A text that the pattern takes; repetitions have their least number of rounds and `extra` more. */
function sampleOf(tree: Tree, extra: number): number[] {
  switch (tree.kind) {
    case 'set':
      return foldedBytes(tree.set).slice(-1);
    case 'sequence':
      return tree.parts.flatMap((part) => sampleOf(part, extra));
    case 'choice':
      return sampleOf(tree.options[0] as Tree, extra);
    case 'group':
      return sampleOf(tree.part, extra);
    case 'repeat': {
      const rounds = Math.min(tree.max, Math.max(tree.min, extra));
      return fill(sampleOf(tree.part, 1), sampleOf(tree.part, 1).length * rounds);
    }
    default:
      return [];
  }
}

function takes(tree: Tree, byte: number): boolean {
  switch (tree.kind) {
    case 'set':
      return tree.set[byte] === 1;
    case 'sequence':
      return tree.parts.some((part) => takes(part, byte));
    case 'choice':
      return tree.options.some((option) => takes(option, byte));
    case 'group':
    case 'repeat':
      return takes(tree.part, byte);
    default:
      return false;
  }
}

/** One byte of each class that the sets of a pattern tell apart; those that are in the most sets come first. */
function representatives(tree: Tree): readonly number[] {
  const sets = [...new Set(setsOf(tree))];
  const classes = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) {
    const key = sets.map((set) => set[byte]).join('');
    if (!classes.has(key)) classes.set(key, byte);
  }
  const weight = (byte: number): number => sets.filter((set) => set[byte] === 1).length;
  return [...classes.values()].sort((a, b) => weight(b) - weight(a));
}

function setsOf(tree: Tree): readonly ByteSet[] {
  if (tree.kind === 'set') return [tree.set];
  if (tree.kind === 'sequence') return tree.parts.flatMap(setsOf);
  if (tree.kind === 'choice') return tree.options.flatMap(setsOf);
  return 'part' in tree ? setsOf(tree.part) : [];
}

function fill(unit: readonly number[], length: number): number[] {
  return unit.length === 0 ? [] : Array.from({ length }, (_, index) => unit[index % unit.length] as number);
}

function window(bytes: readonly number[], length: number): Uint8Array {
  return Uint8Array.from(bytes.slice(0, length));
}
