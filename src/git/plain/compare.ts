import type { Change } from '../changes/raw-diff.ts';
import type { CachedTree, IndexEntry, IndexReader } from './index-file.ts';
import { expectPlain } from './not-plain.ts';

const FOLDER = 0o040000;
const SUBMODULE = 0o160000;
const KIND = 0o170000;
const EXECUTABLE = 0o100;
const ABSENT = { mode: '000000', oid: '0'.repeat(40) };
const OID_BYTES = 20;
const SPACE = 32;
const DEEPEST = 128;
const MOST_CHANGES = 2_000;
/** Most folders that are read here. Git reads a larger number faster. */
const MOST_UNKNOWN = 40;

interface TreeEntry {
  /** The name, one character per byte. The name of a folder ends with a slash, as in the order of a tree. */
  readonly key: string;
  readonly mode: number;
  readonly oid: string;
}

/** Returns the bytes of a tree. */
export type ReadTree = (oid: string) => Buffer;

/**
 * Lists what an index changes in a tree, as `git diff-index --cached -M` does, in the order of paths. Skips folders
 * that the index knows to be unchanged. Throws `NotPlain` where comparing ids is not enough: for submodules, and for
 * removed files beside new ones, which may be renames.
 */
export function compareIndex(index: IndexReader, root: string, readTree: ReadTree): Change[] {
  const { tree } = index;
  expectPlain(
    tree !== undefined && countUnknown(tree, MOST_UNKNOWN) <= MOST_UNKNOWN,
    'an index without names of trees',
  );
  if (tree.oid === root) return [];
  const comparison = new Comparison(index, readTree);
  comparison.compare(root, '', tree, 0);
  expectPlain(index.peek() === undefined, 'order of the index');
  const { changes } = comparison;
  const [added, removed] = ['A', 'D'].map((status) => changes.some((change) => change.status === status));
  expectPlain(!(added && removed), 'a rename');
  return changes;
}

/**
 * Counts the folders that changed since git stored their trees, because each of them has to be read. Stops at one more
 * than `limit`.
 */
function countUnknown({ count, folders }: CachedTree, limit: number): number {
  let unknown = count < 0 ? 1 : 0;
  if (count >= 0) return unknown;
  for (const folder of folders.values()) {
    if (unknown > limit) return unknown;
    unknown += countUnknown(folder, limit - unknown);
  }
  return unknown;
}

class Comparison {
  readonly changes: Change[] = [];
  readonly #index: IndexReader;
  readonly #readTree: ReadTree;

  constructor(index: IndexReader, readTree: ReadTree) {
    this.#index = index;
    this.#readTree = readTree;
  }

  /** Compares one folder. All its files stand together in the index. `prefix` ends with a slash, or is empty. */
  compare(tree: string, prefix: string, cached: CachedTree | undefined, depth: number): void {
    expectPlain(depth < DEEPEST, 'deep folders');
    const old = parseTree(this.#readTree(tree));
    let next = 0;
    for (;;) {
      const entry = old[next];
      const key = this.#keyBelow(prefix);
      if (entry === undefined && key === undefined) return;
      if (key === undefined || (entry !== undefined && entry.key < key)) {
        this.#remove(entry as TreeEntry, prefix, depth);
        next += 1;
      } else if (entry === undefined || key < entry.key) this.#add(`${prefix}${key}`);
      else {
        this.#meet(entry, prefix, cached, depth);
        next += 1;
      }
    }
  }

  /** Returns the name of the next file or folder in the index, or undefined if it is not below `prefix`. */
  #keyBelow(prefix: string): string | undefined {
    const path = this.#index.peek()?.path;
    if (path === undefined || !path.startsWith(prefix)) return undefined;
    const slash = path.indexOf('/', prefix.length);
    return slash < 0 ? path.slice(prefix.length) : path.slice(prefix.length, slash + 1);
  }

  #meet(old: TreeEntry, prefix: string, cached: CachedTree | undefined, depth: number): void {
    if (old.mode !== FOLDER) {
      const entry = this.#take();
      if (entry.oid !== old.oid || entry.mode !== old.mode) this.#note(entry.path, entry, old);
      return;
    }
    const below = cached?.folders.get(old.key.slice(0, -1));
    if (below?.oid === old.oid) this.#index.skip(below.count);
    else this.compare(old.oid, prefix + old.key, below, depth + 1);
  }

  /** Adds a new file, or all files of a new folder. */
  #add(path: string): void {
    if (!path.endsWith('/')) this.#note(path, this.#take(), undefined);
    else
      while (this.#index.peek()?.path.startsWith(path))
        this.#note(this.#index.peek()?.path ?? '', this.#take(), undefined);
  }

  /** Adds the removal of a file, or of all files of a folder. */
  #remove(old: TreeEntry, prefix: string, depth: number): void {
    expectPlain(depth < DEEPEST, 'deep folders');
    if (old.mode !== FOLDER) {
      this.#note(prefix + old.key, undefined, old);
      return;
    }
    for (const entry of parseTree(this.#readTree(old.oid))) this.#remove(entry, prefix + old.key, depth + 1);
  }

  #take(): IndexEntry {
    const entry = this.#index.peek();
    expectPlain(entry !== undefined, 'end of the index');
    this.#index.skip(1);
    return entry;
  }

  #note(path: string, now: Side | undefined, old: Side | undefined): void {
    expectPlain(now?.mode !== SUBMODULE && old?.mode !== SUBMODULE, 'a submodule');
    expectPlain(this.changes.length < MOST_CHANGES, 'many changes');
    const side = describe(now);
    const text = Buffer.from(path, 'latin1').toString('utf8');
    this.changes.push({ path: text, ...side, old: [describe(old)], status: statusOf(now, old) });
  }
}

interface Side {
  readonly mode: number;
  readonly oid: string;
}

function describe(side: Side | undefined): { readonly mode: string; readonly oid: string } {
  return side === undefined ? ABSENT : { mode: side.mode.toString(8).padStart(6, '0'), oid: side.oid };
}

function statusOf(now: Side | undefined, old: Side | undefined): string {
  if (old === undefined) return 'A';
  if (now === undefined) return 'D';
  return (now.mode & KIND) === (old.mode & KIND) ? 'M' : 'T';
}

/**
 * Parses a tree: mode, space, name, NUL, id for each entry. (No page of git's documentation defines the format; `git
 * ls-tree` prints it.)
 */
function parseTree(bytes: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  let before = '';
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(SPACE, at);
    const end = bytes.indexOf(0, space);
    expectPlain(space > at && end > space + 1 && end + OID_BYTES < bytes.length, 'a tree is cut');
    const mode = canonicalMode(bytes.toString('latin1', at, space));
    const name = bytes.toString('latin1', space + 1, end);
    const key = mode === FOLDER ? `${name}/` : name;
    expectPlain(key > before && !name.includes('/'), 'order of a tree');
    before = key;
    at = end + 1 + OID_BYTES;
    entries.push({ key, mode, oid: bytes.toString('hex', end + 1, at) });
  }
  return entries;
}

/** Old repositories have other modes. Git reads each of them as one of these. */
function canonicalMode(text: string): number {
  expectPlain(/^[0-7]{5,6}$/.test(text), 'mode in a tree');
  const mode = Number.parseInt(text, 8);
  const kind = mode & KIND;
  if (kind === 0o100000) return mode & EXECUTABLE ? 0o100755 : 0o100644;
  expectPlain(kind === 0o120000 || kind === FOLDER || kind === SUBMODULE, 'mode in a tree');
  return kind;
}
