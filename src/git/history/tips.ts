import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectCheck } from '../objects/object-check.ts';
import { forEachRecord } from '../process/byte-source.ts';
import { GitError } from '../process/error.ts';
import type { Git } from '../process/open.ts';
import { runGit, startGit, tryGit } from '../process/process.ts';

const NEWLINE = 0x0a;

/** The commits and tags where walks over a history begin, as hex ids. */
export interface Tips {
  /** Commits and annotated tags that refs, HEADs of worktrees and reflogs name. Each once, in no particular order. */
  readonly ids: readonly string[];
  /** The commit that is checked out, where there is one. */
  readonly head?: string;
}

/**
 * Lists the current tips. Unless the repository is broken, the store has everything that they reach. `folder`: where
 * refs and reflogs are (`Repository.commonDirectory`).
 */
export async function listTips(git: Git, folder: Promise<string>, check: ObjectCheck): Promise<Tips> {
  const has = async (...names: string[]): Promise<boolean> => {
    const parent = await folder;
    return names.some((name) => existsSync(join(parent, name)));
  };
  const [refs, logged, worktrees] = await Promise.all([
    runGit(git, ['for-each-ref', '--format=%(objectname)%(HEAD)']),
    // Git keeps reflogs and HEADs of worktrees in these places only. A bare clone has neither.
    has('logs', 'worktrees', 'reftable').then((is) =>
      is ? tryGit(git, ['rev-list', '--no-walk=unsorted', '--reflog', '--stdin']) : undefined,
    ),
    has('worktrees').then((is) => (is ? tryGit(git, ['worktree', 'list', '--porcelain']) : undefined)),
  ]);
  const named = linesOf(refs);
  // A star stands behind the branch that is checked out, a space behind all others.
  const branch = named.find((line) => line.endsWith('*'));
  const ids = new Set([...named.map((line) => line.slice(0, -1)), ...linesOf(logged)]);
  for (const line of linesOf(worktrees)) {
    const [, id] = /^HEAD ([0-9a-f]+)$/.exec(line) ?? [];
    if (id !== undefined && !/^0+$/.test(id)) ids.add(id);
  }
  // No branch with commits is checked out, so git is asked what HEAD is.
  const checkedOut = branch?.slice(0, -1) ?? (await check.ask(['HEAD^{commit}']))[0]?.id;
  if (checkedOut === undefined) return { ids: [...ids] };
  return { ids: [...ids.add(checkedOut)], head: checkedOut };
}

/** Commits that one set of starts reaches and another one does not. */
export interface LostCommits {
  readonly commits: ReadonlySet<string>;
  /** Parents of lost commits that are still reached. */
  readonly edge: readonly string[];
}

/**
 * Finds the commits that `from` reaches and `now` does not.
 * @throws GitError where one of them is not in the store
 */
export async function findLostCommits(git: Git, from: readonly string[], now: readonly string[]): Promise<LostCommits> {
  const input = `${[...from, ...now.map((id) => `^${id}`)].join('\n')}\n`;
  const lines = linesOf(await runGit(git, ['rev-list', '--boundary', '--stdin'], { input }));
  return {
    commits: new Set(lines.filter((line) => !line.startsWith('-'))),
    edge: lines.filter((line) => line.startsWith('-')).map((line) => line.slice(1)),
  };
}

/** One object that a walk reached. `path`: absent for a commit, empty for its top tree. */
export interface WalkedObject {
  readonly oid: string;
  readonly path?: string;
  /** The commit that is the first to bring it. For a commit: itself. Empty for what comes before any commit. */
  readonly commit: string;
  /** The store does not have it. */
  readonly missing: boolean;
}

/**
 * Returns every object that `from` reaches and `known` does not: a commit, then what it is the first to bring, older
 * commits first. Returns undefined where there are more than `limit`. A path with a newline is cut there.
 * @throws GitError where the history is broken
 */
export async function walkNewObjects(
  git: Git,
  from: readonly string[],
  knownTips: readonly string[],
  limit: number,
): Promise<WalkedObject[] | undefined> {
  const order = ['--in-commit-order', '--reverse', '--topo-order', '--missing=print'];
  const walk = startGit(git, ['rev-list', '--objects', ...order, '--stdin']);
  walk.stdin.end(`${[...from, ...knownTips.map((id) => `^${id}`)].join('\n')}\n`);
  const objects: WalkedObject[] = [];
  let commit = '';
  try {
    await forEachRecord(walk.output, NEWLINE, (line) => {
      const object = parseObject(line.toString('utf8'), commit);
      commit = object.commit;
      objects.push(object);
      if (objects.length > limit) walk.stop();
    });
    if (objects.length <= limit) await walk.ended();
  } catch (error) {
    if (objects.length <= limit || !(error instanceof GitError)) throw error;
  } finally {
    walk.stop();
  }
  return objects.length > limit ? undefined : objects;
}

function parseObject(line: string, commit: string): WalkedObject {
  const missing = line.startsWith('?');
  const text = missing ? line.slice(1) : line;
  const space = text.indexOf(' ');
  if (space >= 0) return { oid: text.slice(0, space), path: text.slice(space + 1), commit, missing };
  return { oid: text, commit: missing ? commit : text, missing };
}

function linesOf(output: Buffer | undefined): string[] {
  const text = output?.toString('utf8') ?? '';
  return text.split('\n').filter((line) => line !== '');
}
