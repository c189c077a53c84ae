import { matchesWildcard } from '../lib/patterns/wildcard.ts';

/** A compiled CODEOWNERS pattern: segments of a path, `**` for any number of them. */
export interface OwnerPattern {
  readonly segments: readonly string[];
}

/**
 * Compiles a pattern of a CODEOWNERS file. As in gitignore, a pattern without a slash in front or between fits at any
 * depth, and a folder owns what is below it. Unlike gitignore, a last `*` is one level only, and neither `!` nor
 * `[a-z]` exist. Source: "About code owners" in GitHub's documentation.
 */
export function compileOwnerPattern(text: string): OwnerPattern {
  const folder = text.endsWith('/');
  const body = text.replace(/^\/+|\/+$/g, '');
  const anchored = text.startsWith('/') || body.includes('/');
  const parts = body === '' ? [] : body.split(/\/+/);
  const start = anchored || body === '' ? parts : ['**', ...parts];
  return { segments: folder && body !== '' ? [...start, '**', '*'] : start };
}

/** True when the pattern owns the path (forward slashes, relative to the repository's root). */
export function ownsPath(pattern: OwnerPattern, path: string): boolean {
  const names = path.split('/');
  const { segments } = pattern;
  const last = segments.at(-1);
  if (last === undefined) return false;
  if (matchSegments(segments, names)) return true;
  // A name may be a folder, also by a pattern such as `*mail*`: it owns everything below.
  return !/^\*+$/.test(last) && matchSegments([...segments, '**', '*'], names);
}

/** Greedy with one point of return, as for wildcards in a text: no backtracking beyond the last `**`. */
function matchSegments(segments: readonly string[], names: readonly string[]): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let resume = 0;
  while (at < names.length) {
    const segment = segments[inPattern];
    if (segment === '**') {
      star = inPattern;
      resume = at;
      inPattern += 1;
    } else if (segment !== undefined && matchesWildcard(segment, names[at] as string)) {
      at += 1;
      inPattern += 1;
    } else if (star >= 0) {
      resume += 1;
      at = resume;
      inPattern = star + 1;
    } else return false;
  }
  while (segments[inPattern] === '**') inPattern += 1;
  return inPattern === segments.length;
}
