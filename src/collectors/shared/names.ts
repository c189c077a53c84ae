import type { HeaderText } from '../../git/history/commit.ts';
import type { Origin } from '../../model/artifact.ts';
import type { Collected, Names } from '../contract.ts';

/**
 * Passes paths on as names to be examined. `originOf`: where a path comes from. This function adds that the name itself
 * is meant.
 */
export function pathNames(scope: string, paths: readonly string[], originOf: (path: string) => Origin): Names {
  return {
    kind: 'names',
    scope,
    texts: paths,
    originOf: (index) => ({ ...originOf(paths[index] ?? ''), part: 'file-name' }),
  };
}

/** A text of the header of a commit or tag. */
export type CommitText = HeaderText & { readonly commit: string };

/** Passes on names of people, and other texts of headers. */
export function headerNames(scope: string, origin: Omit<Origin, 'path'>, headers: readonly CommitText[]): Names {
  const originOf = (index: number): Origin => {
    const { part, commit } = headers[index] ?? {};
    return { ...origin, path: '', ...(part && { part }), ...(commit && { commit }) };
  };
  return { kind: 'names', scope, texts: headers.map(({ text }) => text), originOf };
}

/** Reports that some names of people, or other texts of headers, were not examined. */
export function headersLeftOut(scope: string, count: number): Collected {
  const message = `${count} different names of people and other headers of commits were not looked at: there are too many`;
  return { kind: 'gap', scope, gap: { reason: 'limit', subject: 'headers of commits', message, scope: true } };
}
