import type { Range } from '../changes/line-diff.ts';
import type { Git } from '../process/process.ts';
import { type ObjectFailure, readObjects } from './cat-file.ts';
import { listObjects, TYPE_CODE } from './list-objects.ts';
import type { OidTable } from './oid-table.ts';

/**
 * What became of one object, by its number in the table. `ranges`: only these bytes were not returned before, with
 * `base`.
 */
export type SourceAnswer =
  | { readonly index: number; readonly bytes: Uint8Array; readonly ranges?: readonly Range[]; readonly base?: number }
  | { readonly index: number; readonly failure: ObjectFailure; readonly size?: number };

/** All objects of a repository, and a way to read them once each. */
export interface ObjectSource {
  /** `pack`, `cat-file`, or `cat-file: ` and why not `pack`. */
  readonly reader: string;
  readonly table: OidTable;
  /** Type code (`TYPE_CODE`) of each object. */
  readonly types: ArrayLike<number>;
  /** What was wrong with the store as a whole, in a sentence; empty where nothing. */
  readonly complaint: string;
  /** Deltas are each other's base: git would follow them for ever, so it must not walk this store. */
  readonly circular: boolean;
  /**
   * Commits and annotated tags, in an order of the source's choice. Bytes are valid until the next one is asked for.
   */
  readAnnotations(maxBytes: number): AsyncIterable<SourceAnswer>;
  /** Blobs, in the same manner. `changes` allows the source to mark what an earlier answer already had. */
  readBlobs(maxBytes: number, changes?: ChangesOnly): AsyncIterable<SourceAnswer>;
  /** Bytes of the packs that parts are read from; absent where there are no parts. */
  readonly packBytes?: number;
  /** The same in parts, where the source can: for a reader that shares them out between threads. */
  annotationParts?(maxBytes: number): ObjectParts;
  blobParts?(maxBytes: number, changes?: ChangesOnly): ObjectParts;
  /** Frees files. The source cannot be used after. */
  close(): void;
}

/** Objects in numbered parts that can be read in any order, each by any thread. */
export interface ObjectParts {
  readonly count: number;
  /** Answers of one part. Bytes are valid until the next one is asked for. */
  read(part: number): Iterable<SourceAnswer>;
  /**
   * Asked once a part, in order, when all before it have been read and before what it gave is used. False: it is left
   * out with all later ones, because packs describe far more data than they hold.
   */
  accepts(part: number): boolean;
  /** What no part gave, in the end. */
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

/** How to leave out what was returned before. */
export interface ChangesOnly {
  /** Bytes around a change that count as changed: no less than the longest text that a rule looks at. */
  readonly margin: number;
  /** Whether what was found in `base` need not be found in `blob` again. */
  comparable(base: NumberedObject, blob: NumberedObject): boolean;
}

/** Reads everything through `git cat-file`: works for every repository that git can read. */
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

/** Numbers of the objects of some types, of those that are meant. Mean few: a history has millions. */
export function indexesOf(types: ArrayLike<number>, wanted: readonly number[], isMeant?: IsMeant): number[] {
  const indexes: number[] = [];
  for (let i = 0; i < types.length; i += 1) {
    if (wanted.includes(types[i] as number) && isMeant?.(i) !== false) indexes.push(i);
  }
  return indexes;
}

/** How many objects of some types there are, of those that are meant. */
export function countOf(types: ArrayLike<number>, wanted: readonly number[], isMeant?: IsMeant): number {
  let count = 0;
  for (let i = 0; i < types.length; i += 1) {
    if (wanted.includes(types[i] as number) && isMeant?.(i) !== false) count += 1;
  }
  return count;
}

/** Reads the given objects through `git cat-file`, in order. What git cannot find although it lists it is corrupt. */
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
