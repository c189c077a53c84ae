import { sharedBytes, sharedIntegers } from '../../lib/bytes/shared-array.ts';
import { TYPE_CODE } from '../objects/list-objects.ts';
import type { OidTable } from '../objects/oid-table.ts';
import { forEachRecord } from '../process/byte-source.ts';
import { GitError } from '../process/error.ts';
import type { Git } from '../process/open.ts';
import { type GitProcess, startGit } from '../process/process.ts';
import { PathTable } from './path-table.ts';

const NEWLINE = 0x0a;
const QUESTION = 0x3f;
const NONE = -1;
/**
 * A walk reads each tree about once, so a large cache is of no use. Without these limits git keeps the whole pack in
 * memory: 431 MB instead of 178 MB for a pack of 240 MB, to save an eighth of the time.
 */
const LITTLE_MEMORY = ['core.packedGitLimit=32m', 'core.packedGitWindowSize=1m', 'core.deltaBaseCacheLimit=32m'];
const WALK = ['rev-list', '--objects', '--in-commit-order', '--reverse', '--topo-order', '--missing=print'];
const ROOTS = ['--all', '--reflog'];

/** Starts the walk over everything that refs, HEADs and reflogs reach. It runs while the caller lists the objects. */
export function startWalk(git: Git, options: { readonly ignoreBroken: boolean }): GitProcess {
  const walk = startGit(git, [...WALK, ...(options.ignoreBroken ? ['--ignore-missing'] : []), ...ROOTS], LITTLE_MEMORY);
  walk.stdin.end();
  return walk;
}

/** Starts a walk over commits that no ref reaches. */
export function startLostWalk(git: Git, commits: readonly string[]): GitProcess {
  const walk = startGit(git, [...WALK, '--ignore-missing', '--stdin', '--not', ...ROOTS], LITTLE_MEMORY);
  walk.stdin.end(`${commits.join('\n')}\n`);
  return walk;
}

/**
 * Knows which commit first brought each blob, and at which path. Numbers are those of the object table. All lists lie
 * in memory that other threads can read.
 */
export class Attribution {
  /** By object number: 1 if the walk from the refs reached it. */
  readonly reached: Uint8Array;
  /** By blob: the number of the first commit that holds it, or -1 if no walk reached the blob. */
  readonly commitOf: Int32Array;
  /** By blob: the number of its path in that commit (see `paths`), or -1 if no walk reached the blob. */
  readonly pathOf: Int32Array;
  readonly paths = new PathTable();
  /** Ids that the walk from the refs names and the store does not have. */
  readonly missing = new Set<string>();
  readonly #table: OidTable;
  readonly #types: ArrayLike<number>;

  constructor(table: OidTable, types: ArrayLike<number>) {
    this.#table = table;
    this.#types = types;
    this.commitOf = sharedIntegers(table.size).fill(NONE);
    this.pathOf = sharedIntegers(table.size).fill(NONE);
    this.reached = sharedBytes(table.size);
  }

  /**
   * Reads the output of a walk: a commit, then the objects that it is the first to bring, each with one path. A path
   * with a newline is cut there, because git below 2.50 has no NUL-ended output. Returns the reason if the walk ends
   * early, else an empty text. What was read before that is kept.
   * @throws GitError where the run is cancelled
   */
  async read(walk: GitProcess, options: { readonly reachable: boolean }): Promise<string> {
    let commit = -1;
    const digits = this.#table.width * 2;
    try {
      await forEachRecord(walk.output, NEWLINE, (line) => {
        const index = this.#table.findHex(line, 0);
        if (index >= 0 && line.length === digits) commit = index;
        if (options.reachable) this.#markReached(line, index, digits);
        if (index >= 0 && line.length > digits) this.#note(index, commit, line, digits);
      });
      await walk.ended();
      return '';
    } catch (error) {
      if (!(error instanceof GitError) || error.failure === 'aborted') throw error;
      return error.message;
    } finally {
      walk.stop();
    }
  }

  #note(index: number, commit: number, line: Buffer, digits: number): void {
    const type = this.#types[index];
    if (type !== TYPE_CODE.blob && type !== TYPE_CODE.unreadable) return;
    if (this.pathOf[index] !== NONE) return;
    this.commitOf[index] = commit;
    this.pathOf[index] = this.paths.add(line.toString('utf8', digits + 1));
  }

  /** `?<id>` names an object that is not in the store. An id that the listing lacks counts as missing, too. */
  #markReached(line: Buffer, index: number, digits: number): void {
    if (index >= 0) {
      this.reached[index] = 1;
      return;
    }
    const start = line[0] === QUESTION ? 1 : 0;
    if (line.length >= digits + start) this.missing.add(line.toString('latin1', start, digits + start));
  }
}
