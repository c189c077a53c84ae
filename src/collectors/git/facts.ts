import type { ChangesOnly, NumberedObject } from '../../git/objects/object-source.ts';
import { isBinary, isPlainText } from '../../lib/bytes/binary.ts';
import { sharedBytes, sharedCounts, sharedIntegers, shareNumbers } from '../../lib/bytes/shared-array.ts';
import type { Origin } from '../../model/artifact.ts';
import type { CollectContext } from '../contract.ts';
import type { History } from './model.ts';

/**
 * What is known about the objects of a history before they are read, by number. It is plain data and shared memory, so
 * every thread can have it.
 */
export interface HistoryFacts {
  readonly repository: string;
  /** The git folder, in which Git LFS also keeps contents. */
  readonly store: string;
  /** Binary ids, one after the other. `width`: the bytes of each. */
  readonly ids: Uint8Array;
  readonly width: number;
  /** Type code (`TYPE_CODE`) of each object. */
  readonly types: Uint8Array;
  /** 1 if refs reach the object. */
  readonly reached: Uint8Array;
  readonly walkComplete: boolean;
  /** Number of the first commit that holds a blob, or -1 if none is known. */
  readonly commitOf: Int32Array;
  /**
   * Number of its path in `paths`, or -1 if none is known. It is the path in HEAD if there is one, else the first path
   * that the blob had.
   */
  readonly pathOf: Int32Array;
  readonly paths: readonly string[];
  /** 1 for a blob that is in HEAD. */
  readonly present: Uint8Array;
  /** Where the detector notes what it saw of each blob. */
  readonly memory: Uint32Array;
}

/** Gathers the facts of a history. */
export function gatherFacts({ source, attribution, head, repository, walkComplete }: History): HistoryFacts {
  const { size, ids, width } = source.table;
  const { paths, reached, commitOf } = attribution;
  const pathOf = sharedIntegers(size);
  pathOf.set(attribution.pathOf);
  const present = sharedBytes(size);
  for (const [index, path] of head.paths) {
    pathOf[index] = paths.add(path);
    present[index] = 1;
  }
  const memory = sharedCounts(size);
  const lists = { ids, types: toBytes(source.types), reached, commitOf, pathOf, present, memory };
  return {
    repository: repository.name,
    store: repository.commonDirectory,
    width,
    walkComplete,
    ...lists,
    paths: paths.paths,
  };
}

/** Stores the same numbers in one byte each. */
function toBytes(numbers: ArrayLike<number>): Uint8Array {
  return numbers instanceof Uint8Array ? numbers : Uint8Array.from(numbers);
}

/** Moves the large lists of facts into memory that all threads can read. */
export function shareFacts(facts: HistoryFacts): HistoryFacts {
  return {
    ...facts,
    ids: shareNumbers(facts.ids),
    types: shareNumbers(facts.types),
    reached: shareNumbers(facts.reached),
    commitOf: shareNumbers(facts.commitOf),
    pathOf: shareNumbers(facts.pathOf),
    present: shareNumbers(facts.present),
  };
}

/**
 * Bytes around a change that count as changed, so that changes near each other become one. Detection adds what it
 * needs.
 */
const CHANGE_MARGIN = 32;

/**
 * Says when a blob may be scanned only where it differs from its base. What a delta copies from its base was scanned
 * there. The blob is scanned as a whole if it is in HEAD (a secret there must be reported as present), if refs reach
 * the blob and not its base, if the paths differ (rules and exclusions look at paths), or if the base was read
 * differently (rules that go by words are silent in a binary).
 */
export function changesOnly(
  facts: HistoryFacts,
  { options }: Pick<CollectContext, 'options'>,
): ChangesOnly | undefined {
  if (options['full-blobs'] === true) return undefined;
  const { present, reached, pathOf } = facts;
  const { margin } = options;
  const readingOf = rememberReadings(present.length);
  return {
    margin: typeof margin === 'number' ? margin : CHANGE_MARGIN,
    comparable: (base, blob) =>
      present[blob.index] !== 1 &&
      (reached[base.index] === 1 || reached[blob.index] !== 1) &&
      pathOf[base.index] === pathOf[blob.index] &&
      (readingOf(base) === PLAIN || readingOf(blob) === BINARY),
  };
}

const [PLAIN, BINARY, OTHER] = [1, 2, 3];

/** Remembers how each object is read, because most objects are also the base of another one. */
function rememberReadings(size: number): (object: NumberedObject) => number {
  const readings = new Uint8Array(size);
  return ({ index, bytes }) => {
    if (readings[index] === 0) readings[index] = isPlainText(bytes) ? PLAIN : isBinary(bytes) ? BINARY : OTHER;
    return readings[index] as number;
  };
}

/** Returns where a blob comes from, without author and date. An object without any path is named by its id. */
export function originOf(facts: HistoryFacts, index: number): Origin & { blob: string } {
  const blob = hexOf(facts, index);
  const commit = facts.commitOf[index] as number;
  const named = facts.paths[facts.pathOf[index] as number];
  return {
    collector: 'git',
    path: named || `.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`,
    repository: facts.repository,
    blob,
    ...(commit < 0 ? {} : { commit: hexOf(facts, commit) }),
    ...reachability(facts, index),
    present: facts.present[index] === 1,
  };
}

/** Says whether refs reach an object. Says nothing if a failed walk cannot tell. */
export function reachability(facts: HistoryFacts, index: number): { readonly reachable?: boolean } {
  if (facts.reached[index] === 1) return { reachable: true };
  return facts.walkComplete ? { reachable: false } : {};
}

/** Id of an object in hex. */
export function hexOf({ ids, width }: HistoryFacts, index: number): string {
  return Buffer.from(ids.buffer, ids.byteOffset + index * width, width).toString('hex');
}
