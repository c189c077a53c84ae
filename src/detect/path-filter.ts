import { compileGlob, matchesAny } from '../lib/glob.ts';
import type { CompiledRule } from '../model/rule.ts';

/** Says whether a rule looks at a path (forward slashes). */
export type PathFilter = (path: string) => boolean;

/** The path filter of a rule: its `only` globs, minus its `not` globs. */
export function createPathFilter(rule: CompiledRule): PathFilter {
  const { paths } = rule;
  if (paths === undefined) return () => true;
  const only = paths.only.map(compileGlob);
  const not = paths.not.map(compileGlob);
  return (path) => (only.length === 0 || matchesAny(only, path)) && !matchesAny(not, path);
}
