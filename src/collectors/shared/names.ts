import type { HeaderText } from '../../git/history/commit.ts';
import type { Origin } from '../../model/artifact.ts';
import type { Collected, Names } from '../contract.ts';

/** Paths as names to look at. `originOf`: where a path comes from, without saying that it is its name that counts. */
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

/** Names of people, and what else headers say. */
export function headerNames(scope: string, origin: Omit<Origin, 'path'>, headers: readonly CommitText[]): Names {
  const originOf = (index: number): Origin => {
    const { part, commit } = headers[index] ?? {};
    return { ...origin, path: '', ...(part && { part }), ...(commit && { commit }) };
  };
  return { kind: 'names', scope, texts: headers.map(({ text }) => text), originOf };
}

/** Says that not all names of people, and other texts of headers, were looked at. */
export function headersLeftOut(scope: string, count: number): Collected {
  const message = `${count} different names of people and other headers of commits were not looked at: there are too many`;
  return { kind: 'gap', scope, gap: { reason: 'limit', subject: 'headers of commits', message, scope: true } };
}
