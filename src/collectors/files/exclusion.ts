import { compileGlob, matchesAny } from '../../lib/patterns/glob.ts';
import type { CollectContext } from '../contract.ts';
import type { Tree } from './tree.ts';

/** Returns a test for the paths that the user leaves out, or undefined if there is no glob. */
export function createExclusion(
  { options }: Pick<CollectContext, 'options'>,
  { within }: Pick<Tree, 'within'>,
): ((path: string) => boolean) | undefined {
  const { exclude } = options;
  if (!Array.isArray(exclude) || exclude.length === 0) return undefined;
  const globs = exclude.map((glob) => compileGlob(String(glob)));
  return (path) => matchesAny(globs, path) || (within !== '' && matchesAny(globs, within + path));
}
