import { join } from 'node:path';
import { SingleReader } from '../pack/single-reader.ts';
import { GitError } from '../process/error.ts';
import type { Git } from '../process/open.ts';
import type { Repository } from '../repository/repository.ts';
import { listTree, MOST_ENTRIES } from './list-objects.ts';

/** Largest tree object that is read here, in bytes. It has 500,000 entries. */
const LARGEST_TREE = 32 * 1024 * 1024;
/** How many trees have their size remembered. Takes some ten megabytes. */
const MOST_REMEMBERED = 200_000;
/** Deepest nesting of folders. Git itself stops at 2,048. */
const DEEPEST = 2_048;
const SPACE = 0x20;
const FOLDER_MODE = '40000';

/**
 * Tells which commits list too many files. A few small trees can describe billions, and `diff-tree` and `diff-index`
 * keep them all in memory before they print the first one. Each tree is read once, however often it occurs.
 */
export class TreeSizes {
  readonly #git: Git;
  readonly #width: number;
  readonly #reader: SingleReader | undefined;
  readonly #sizes = new Map<string, number>();

  constructor(git: Git, { commonDirectory, width }: Pick<Repository, 'commonDirectory' | 'width'>) {
    this.#git = git;
    this.#width = width;
    this.#reader = openReader(join(commonDirectory, 'objects'), width);
  }

  /**
   * True if the tree of a commit (hex id) lists more than `limit` files. A tree that cannot be read counts as small,
   * because git then reports what is wrong.
   */
  async isOver(commit: string, limit = MOST_ENTRIES): Promise<boolean> {
    if (this.#sizes.size > MOST_REMEMBERED) this.#sizes.clear();
    try {
      const tree = this.#treeOf(commit);
      return tree === undefined ? await this.#askGit(commit, limit) : this.#count(tree, 0) > limit;
    } catch {
      return this.#askGit(commit, limit);
    }
  }

  close(): void {
    this.#reader?.close();
  }

  async #askGit(commit: string, limit: number): Promise<boolean> {
    try {
      await listTree(this.#git, commit, () => {}, limit);
      return false;
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      return error.failure === 'limit';
    }
  }

  #treeOf(commit: string): string | undefined {
    const bytes = this.#read(commit, 'commit');
    return bytes && /^tree ([0-9a-f]+)\n/.exec(bytes.toString('latin1', 0, 80))?.[1];
  }

  /**
   * Counts the files below a tree.
   * @throws where an object is elsewhere or broken
   */
  #count(oid: string, depth: number): number {
    const size = this.#sizes.get(oid);
    if (size !== undefined) return size;
    const bytes = this.#read(oid, 'tree');
    if (bytes === undefined || depth > DEEPEST) throw new GitError('failed', `the tree ${oid} is not here`);
    let count = 0;
    for (let at = 0; at < bytes.length; ) {
      const space = bytes.indexOf(SPACE, at);
      const end = bytes.indexOf(0, space);
      if (space < 0 || end < 0) throw new GitError('failed', `the tree ${oid} is broken`);
      const mode = bytes.toString('latin1', at, space);
      at = end + 1 + this.#width;
      count += mode === FOLDER_MODE ? this.#count(bytes.toString('hex', end + 1, at), depth + 1) : 1;
    }
    this.#sizes.set(oid, count);
    return count;
  }

  #read(oid: string, type: 'commit' | 'tree'): Buffer | undefined {
    const place = this.#reader?.find(oid);
    const object = place && this.#reader?.read(place);
    return object !== undefined && 'bytes' in object && object.type === type ? object.bytes : undefined;
  }
}

function openReader(folder: string, width: number): SingleReader | undefined {
  try {
    return new SingleReader(folder, width, LARGEST_TREE);
  } catch {
    // Git reads it instead, or reports what is wrong with it.
    return undefined;
  }
}
