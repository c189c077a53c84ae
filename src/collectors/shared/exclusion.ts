import { type Change, kindOf } from '../../git/changes/raw-diff.ts';
import { compileGlob, matchesAny } from '../../lib/patterns/glob.ts';
import type { CollectContext } from '../contract.ts';

/** Says whether the user leaves out a path. */
export type Exclusion = (path: string) => boolean;

/**
 * Returns a test for the paths that the user leaves out, or undefined if there is no glob. `within`: where a repository
 * lies in the target; globs see paths with and without it.
 */
export function createExclusion({ options }: Pick<CollectContext, 'options'>, within = ''): Exclusion | undefined {
  const { exclude } = options;
  if (!Array.isArray(exclude) || exclude.length === 0) return undefined;
  const globs = exclude.map((glob) => compileGlob(String(glob)));
  return (path) => matchesAny(globs, path) || (within !== '' && matchesAny(globs, within + path));
}

/** Changes that are looked at, and the paths of those that the user leaves out. */
export interface DividedChanges {
  readonly changes: readonly Change[];
  readonly excluded: readonly string[];
}

/** Separates changes by the globs of the user. What is only removed is left out by nobody. */
export function divideChanges(context: CollectContext, all: readonly Change[]): DividedChanges {
  const isExcluded = createExclusion(context);
  if (isExcluded === undefined) return { changes: all, excluded: [] };
  const changes: Change[] = [];
  const excluded: string[] = [];
  for (const change of all) {
    if (isExcluded(change.path) && bringsContent(change)) excluded.push(change.path);
    else changes.push(asSeen(change, isExcluded));
  }
  return { changes, excluded };
}

/** Nobody looked at a file that was left out: where it moves to, all of it is new. */
export function asSeen(change: Change, isExcluded: Exclusion): Change {
  const { from, path } = change;
  if (from === undefined || !isExcluded(from) || isExcluded(path)) return change;
  const old = change.old.map(({ oid }) => ({ mode: ABSENT, oid: '0'.repeat(oid.length) }));
  return { ...change, old, status: 'A'.repeat(old.length) };
}

const ABSENT = '000000';

function bringsContent(change: Change): boolean {
  const kind = kindOf(change);
  return kind !== 'deleted' && kind !== 'submodule' && kind !== 'same-content';
}
