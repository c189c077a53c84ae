import { closestRefs, EMPTY_TREES, resolveCommits } from '../../git/history/revisions.ts';
import type { Git } from '../../git/process/open.ts';
import { UsageError } from '../../model/errors.ts';

/** The two ends of a range, as the user names them. */
export interface RangeNames {
  readonly base: string;
  readonly head: string;
}

/** The two ends as commit ids; undefined where the repository has no such commit. */
export interface RangeEnds {
  readonly base: string | undefined;
  readonly head: string | undefined;
}

/**
 * Splits `A...B`, `A..B` and `A`. An empty side is HEAD.
 * @throws UsageError for an empty range
 */
export function parseRange(text: string): RangeNames {
  const [, base = '', , head = ''] = /^(.*?)(\.{2,3})(.*)$/s.exec(text) ?? [text, text, '', ''];
  if (base === '' && head === '') {
    throw new UsageError('The range is empty. Write it as <base>...<head>, for example "origin/main...HEAD".');
  }
  return { base: base || 'HEAD', head: head || 'HEAD' };
}

export async function resolveEnds(git: Git, names: RangeNames): Promise<RangeEnds> {
  const [base, head] = await resolveCommits(git, [names.base, names.head]);
  return { base: EMPTY_TREES.get(names.base.length) === names.base ? names.base : base, head };
}

/** Makes the error for a name that git does not know, with the nearest names that exist. */
export async function unknownRevision(git: Git, name: string): Promise<UsageError> {
  const near = await closestRefs(git, name);
  const hint = near.length === 0 ? 'Fetch it first, or check the name.' : `Did you mean ${near.join(', ')}?`;
  return new UsageError(`There is no commit "${name}" in this repository. ${hint}`);
}
