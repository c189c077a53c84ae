import { compileGlob, matchesAny } from '../lib/patterns/glob.ts';
import type { RuleHead } from '../model/rule.ts';

/** Says whether a rule looks at a path (forward slashes). */
export type PathFilter = (path: string) => boolean;

type Globs = NonNullable<RuleHead['paths']>;

/** The path filter of a rule: its `only` globs, minus its `not` globs. */
export function createPathFilter(rule: Pick<RuleHead, 'paths'>): PathFilter {
  const { paths } = rule;
  if (paths === undefined) return () => true;
  const only = createMatcher(paths.only);
  const not = createMatcher(paths.not);
  return (path) => (paths.only.length === 0 || only(path)) && !not(path);
}

/**
 * Path filters of many rules: rules with the same globs share one, and it remembers its last answer. A filter is built
 * at its first use, because most rules have nothing to do in a commit.
 */
export function createPathFilters(): (rule: Pick<RuleHead, 'paths'>) => PathFilter {
  const filterByPaths = new Map<string, PathFilter>();
  const share = (rule: Pick<RuleHead, 'paths'>): PathFilter => {
    const key = keyOf(rule.paths);
    const filter = filterByPaths.get(key) ?? rememberLast(createPathFilter(rule));
    filterByPaths.set(key, filter);
    return filter;
  };
  return (rule) => {
    let filter: PathFilter | undefined;
    return (path) => {
      filter ??= share(rule);
      return filter(path);
    };
  };
}

function keyOf(paths: Globs | undefined): string {
  return paths === undefined ? '' : JSON.stringify([paths.only, paths.not]);
}

function rememberLast(filter: PathFilter): PathFilter {
  let last: string | undefined;
  let answer = false;
  return (path) => {
    if (path === last) return answer;
    [last, answer] = [path, filter(path)];
    return answer;
  };
}

/** File endings (`*.ext`) are looked up; only other globs need an expression. */
function createMatcher(texts: readonly string[]): PathFilter {
  const endings = new Set(texts.filter((text) => /^\*\.[\w-]+$/.test(text)).map((text) => text.slice(1)));
  const globs = texts.filter((text) => !endings.has(text.slice(1)) || !text.startsWith('*')).map(compileGlob);
  return (path) => endings.has(endingOf(path)) || matchesAny(globs, path);
}

/** From the last dot of the name; a name that begins with its only dot counts too, as it does for `*`. */
function endingOf(path: string): string {
  const dot = path.lastIndexOf('.');
  return dot < path.lastIndexOf('/') ? '' : path.slice(dot);
}
