import { forEachRecord } from './byte-source.ts';
import { GitError } from './error.ts';
import type { OidTable } from './oid-table.ts';
import { type Git, type GitProcess, startGit } from './process.ts';

const NEWLINE = 0x0a;
const QUESTION = 0x3f;
const MAX_MISSING = 100_000;

/** Which commit first brought each object, at which path. Indexes are those of an `OidTable`. */
export class Attribution {
  /** Index of the first commit for each object, -1 where none is known. */
  readonly commitOf: Int32Array;
  readonly pathOf: (string | undefined)[];
  /** 1 where a walk from the refs came by. */
  readonly reached: Uint8Array;
  /** Objects that are named by others and are not in the object store. */
  readonly missing = new Map<string, string>();
  /** Why a walk ended early, in git's words. Empty: the walk is complete. */
  failure = '';

  constructor(size: number) {
    this.commitOf = new Int32Array(size).fill(-1);
    this.pathOf = new Array<string | undefined>(size);
    this.reached = new Uint8Array(size);
  }
}

const WALK = ['rev-list', '--objects', '--in-commit-order', '--reverse', '--topo-order', '--missing=print'];

/** Starts the walk over everything that refs, HEADs and reflogs reach. It works while the caller lists the objects. */
export function startWalk(git: Git, options: { readonly lenient: boolean }): GitProcess {
  const walk = startGit(git, [...WALK, ...(options.lenient ? ['--ignore-missing'] : []), '--all', '--reflog']);
  walk.stdin.end();
  return walk;
}

/** Starts a walk over the given commits, without what the refs reach. */
export function startLostWalk(git: Git, commits: readonly string[]): GitProcess {
  const walk = startGit(git, [...WALK, '--ignore-missing', '--stdin', '--not', '--all', '--reflog']);
  walk.stdin.end(`${commits.join('\n')}\n`);
  return walk;
}

/**
 * Reads a walk: a commit, then the objects it is the first to bring, each with one path. A path that holds a newline ends
 * there (git below 2.50 has no NUL-ended form). A walk that fails keeps what it gave until then and sets `failure`.
 * @throws GitError where the run is cancelled
 */
export async function readWalk(
  walk: GitProcess,
  table: OidTable,
  into: Attribution,
  options: { readonly reachable: boolean },
): Promise<void> {
  let commit = -1;
  const digits = table.width * 2;
  try {
    await forEachRecord(walk.output, NEWLINE, (line) => {
      if (line[0] === QUESTION) return noteMissing(into, line, digits);
      const index = table.findHex(line, 0);
      if (index < 0) return noteUnlisted(into, line, digits);
      if (options.reachable) into.reached[index] = 1;
      if (line.length === digits) {
        commit = index;
        return;
      }
      if (into.pathOf[index] !== undefined) return;
      into.commitOf[index] = commit;
      into.pathOf[index] = line.toString('utf8', digits + 1);
    });
    await walk.ended();
  } catch (error) {
    if (!(error instanceof GitError) || error.failure === 'aborted') throw error;
    into.failure ||= error.message;
  } finally {
    walk.stop();
  }
}

/** `?<id>`: named by a tree or commit, not in the store. */
function noteMissing(into: Attribution, line: Buffer, digits: number): void {
  if (into.missing.size < MAX_MISSING) into.missing.set(line.toString('latin1', 1, digits + 1), '');
}

/** The walk knows an object that the listing does not: it came in between, or its pack index is broken. */
function noteUnlisted(into: Attribution, line: Buffer, digits: number): void {
  if (line.length < digits || into.missing.size >= MAX_MISSING) return;
  into.missing.set(line.toString('latin1', 0, digits), line.toString('utf8', digits + 1));
}
