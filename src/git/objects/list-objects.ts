import { forEachRecord } from '../process/byte-source.ts';
import { GitError } from '../process/error.ts';
import type { Git } from '../process/open.ts';
import { startGit } from '../process/process.ts';
import type { ObjectType } from './cat-file.ts';
import { OidTable } from './oid-table.ts';

const NEWLINE = 0x0a;
/**
 * For each object that it cannot read, git searches the whole store. That takes 10 ms, and a hostile pack has a
 * million.
 */
const MAX_UNREADABLE = 2_000;

/** Type codes as in packs. 0 is an object that git lists but cannot read. */
export const TYPE_CODE = { unreadable: 0, commit: 1, tree: 2, blob: 3, tag: 4 } as const;

/** Every object of a repository by number: its id, type code and size in bytes. */
export interface ObjectList {
  readonly table: OidTable;
  readonly types: readonly number[];
  readonly sizes: readonly number[];
  /** The first error that git printed while listing. Empty where there was none. */
  readonly complaint: string;
}

/**
 * Lists all objects of the store: reachable or not, packed, loose or borrowed from another store.
 * @param width bytes of an object id: 20 or 32
 */
export async function listObjects(git: Git, width: number): Promise<ObjectList> {
  const format = '--batch-check=%(objectname) %(objecttype) %(objectsize)';
  const child = startGit(git, ['cat-file', '--batch-all-objects', '--unordered', '--buffer', format]);
  child.stdin.end();
  const table = new OidTable(width);
  const types: number[] = [];
  const sizes: number[] = [];
  try {
    await forEachRecord(child.output, NEWLINE, (line) => {
      const index = table.addHex(line, 0);
      if (index !== types.length) return;
      const [type = '', size = ''] = line.toString('latin1', width * 2 + 1).split(' ');
      types.push(TYPE_CODE[type as ObjectType] ?? TYPE_CODE.unreadable);
      sizes.push(Number(size) || 0);
    });
    const complaint = /^(?:error|fatal): (.*)/m.exec(await child.ended())?.[1] ?? '';
    return { table, types, sizes, complaint };
  } finally {
    child.stop();
  }
}

/**
 * Returns the type codes of some objects, in order. The code is 0 for what git cannot read, and for everything after
 * 2,000 such objects.
 */
export async function typesOf(git: Git, oids: readonly string[]): Promise<number[]> {
  if (oids.length === 0) return [];
  const child = startGit(git, ['cat-file', '--batch-check=%(objecttype)', '--buffer']);
  child.stdin.end(`${oids.join('\n')}\n`);
  const types: number[] = [];
  let unreadable = 0;
  try {
    await forEachRecord(child.output, NEWLINE, (line) => {
      const type = TYPE_CODE[line.toString('latin1') as ObjectType];
      types.push(type ?? TYPE_CODE.unreadable);
      unreadable += Number(type === undefined);
      if (unreadable > MAX_UNREADABLE) child.stop();
    });
    if (unreadable <= MAX_UNREADABLE) await child.ended();
    return oids.map((_, i) => types[i] ?? TYPE_CODE.unreadable);
  } finally {
    child.stop();
  }
}

/** One entry of a tree listing. */
export interface TreeEntry {
  /** Octal, as text: `100644`, `120000` (symlink), `160000` (submodule). */
  readonly mode: string;
  readonly oid: string;
  readonly path: string;
}

/**
 * Most files that one tree may list. Twelve objects, each a tree of ten entries, can describe a thousand billion files.
 */
export const MOST_ENTRIES = 3_000_000;

/**
 * Calls `visit` for every file, symlink and submodule of a tree, on all levels. Paths are exact, whatever bytes they
 * hold.
 * @throws GitError `limit` where there are more than `limit`
 */
export async function listTree(
  git: Git,
  treeish: string,
  visit: (entry: TreeEntry) => void,
  limit = MOST_ENTRIES,
): Promise<void> {
  const child = startGit(git, ['ls-tree', '-r', '-z', '--full-tree', treeish]);
  child.stdin.end();
  let remaining = limit;
  try {
    await forEachRecord(child.output, 0, (record) => {
      remaining -= 1;
      if (remaining < 0) throw new GitError('limit', `the tree of ${treeish} lists more than ${limit} files`);
      const tab = record.indexOf(0x09);
      const [mode = '', , oid = ''] = record.toString('latin1', 0, tab).split(' ');
      visit({ mode, oid, path: record.toString('utf8', tab + 1) });
    });
    await child.ended();
  } finally {
    child.stop();
  }
}
