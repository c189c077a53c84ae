import type { Range } from '../changes/line-diff.ts';
import type { Git } from '../process/open.ts';
import { type ObjectFailure, readObjects } from './cat-file.ts';
import { listObjects, TYPE_CODE } from './list-objects.ts';
import type { OidTable } from './oid-table.ts';

/**
 * What became of one object, by its number in the table. `ranges`: only these bytes differ from `base`, which was
 * returned before.
 */
export type SourceAnswer =
  | { readonly index: number; readonly bytes: Uint8Array; readonly ranges?: readonly Range[]; readonly base?: number }
  | { readonly index: number; readonly failure: ObjectFailure; readonly size?: number };

/** All objects of a repository, and a way to read each of them once. */
export interface ObjectSource {
  /** `pack`, `cat-file`, or `cat-file: ` with the reason why packs are not read directly. */
  readonly reader: string;
  readonly table: OidTable;
  /** Type code (`TYPE_CODE`) of each object. */
  readonly types: ArrayLike<number>;
  /** One sentence about what is wrong with the store as a whole. Empty where nothing is. */
  readonly complaint: string;
  /** Deltas form a circle. Git would follow it for ever, so it must not walk this store. */
  readonly circular: boolean;
  /** Reads commits and annotated tags, in any order. Bytes are valid until the next one is requested. */
  readAnnotations(maxBytes: number): AsyncIterable<SourceAnswer>;
  /** Reads blobs in the same way. With `changes` the source may mark what an earlier answer already had. */
  readBlobs(maxBytes: number, changes?: ChangesOnly): AsyncIterable<SourceAnswer>;
  /** Size of the packs that parts are read from. Absent where there are no parts. */
  readonly packBytes?: number;
  /** The same in parts, where the source supports it. For a reader that shares the parts out between threads. */
  annotationParts?(maxBytes: number): ObjectParts;
  blobParts?(maxBytes: number, changes?: ChangesOnly): ObjectParts;
  /** Closes files. The source cannot be used afterwards. */
  close(): void;
}

/** Objects in numbered parts. Any thread can read any part, in any order. */
export interface ObjectParts {
  readonly count: number;
  /** Returns the answers of one part. Bytes are valid until the next one is requested. */
  read(part: number): Iterable<SourceAnswer>;
  /**
   * Called once for each part, in order, after all parts before it were read and before its own answers are used. If it
   * returns false, this part and all later ones are left out: packs can describe far more data than they hold.
   */
  accepts(part: number): boolean;
  /** Reads, at the end, what no part returned. */
  readRest(): AsyncIterable<SourceAnswer>;
  /** Plain data and shared memory from which another thread reads the same parts. */
  share(): unknown;
}

/** An object by its number in the table. */
export interface NumberedObject {
  readonly index: number;
  /** Valid during the call. */
  readonly bytes: Uint8Array;
}

/** How to leave out bytes that were returned before. */
export interface ChangesOnly {
  /** Bytes around a change that count as changed. At least the length of the longest text that a rule looks at. */
  readonly margin: number;
  /** True if what was found in `base` need not be found in `blob` again. */
  comparable(base: NumberedObject, blob: NumberedObject): boolean;
}

/** Reads everything through `git cat-file`. Works for every repository that git can read. */
export async function openCatFileSource(git: Git, width: number): Promise<ObjectSource> {
  const { table, types, complaint } = await listObjects(git, width);
  return {
    reader: 'cat-file',
    table,
    types,
    complaint,
    readAnnotations: (maxBytes) =>
      readIndexes(git, table, indexesOf(types, [TYPE_CODE.commit, TYPE_CODE.tag]), maxBytes),
    circular: false,
    close: () => {},
    readBlobs: (maxBytes) =>
      readIndexes(git, table, indexesOf(types, [TYPE_CODE.blob, TYPE_CODE.unreadable]), maxBytes),
  };
}

type IsMeant = (index: number) => boolean;

/**
 * Returns the numbers of the objects of some types, if `isMeant` accepts them. Keep the result small: a history has
 * millions of objects.
 */
export function indexesOf(types: ArrayLike<number>, wanted: readonly number[], isMeant?: IsMeant): number[] {
  const indexes: number[] = [];
  for (let i = 0; i < types.length; i += 1) {
    if (wanted.includes(types[i] as number) && isMeant?.(i) !== false) indexes.push(i);
  }
  return indexes;
}

/** Counts the objects of some types that `isMeant` accepts. */
export function countOf(types: ArrayLike<number>, wanted: readonly number[], isMeant?: IsMeant): number {
  let count = 0;
  for (let i = 0; i < types.length; i += 1) {
    if (wanted.includes(types[i] as number) && isMeant?.(i) !== false) count += 1;
  }
  return count;
}

/** Reads the given objects through `git cat-file`, in order. An object that git lists and cannot find is corrupt. */
export async function* readIndexes(
  git: Git,
  table: OidTable,
  indexes: readonly number[],
  maxBytes: number,
): AsyncGenerator<SourceAnswer> {
  let at = 0;
  for await (const answer of readObjects(git, hexOf(table, indexes), { maxBytes })) {
    const index = indexes[at] as number;
    at += 1;
    if ('bytes' in answer) yield { index, bytes: answer.bytes };
    else yield { ...answer, index, failure: answer.failure === 'missing' ? 'corrupt' : answer.failure };
  }
}

function* hexOf(table: OidTable, indexes: readonly number[]): Generator<string> {
  for (const index of indexes) yield table.hex(index);
}
