import type { Repository, Tips } from '../contract.ts';

/** The tips of a host that does not tell many at once: git is asked for each repository. */
export async function* unknownTips(repositories: readonly Repository[]): AsyncGenerator<Tips> {
  for (const { id } of repositories) yield { state: 'unknown', id };
}
