import { resolve } from 'node:path';
import { firstCommit } from '../../git/history/first-commit.ts';
import { GitError } from '../../git/process/error.ts';
import { openGit } from '../../git/process/open.ts';
import { namingOf } from '../../git/repository/remote.ts';
import { describeRepository } from '../../git/repository/repository.ts';
import type { Location } from '../../model/location.ts';
import type { Plan } from '../plan/contract.ts';

/** Targets that are folders with a repository. */
const SCHEMES = new Set(['files', 'git', 'staged', 'range']);

/**
 * Repositories that are clones of each other: their names, and the one name that stands for them all. Two clones begin
 * with the same commit. Git is asked only where places name several repositories: a secret in a repository and in its
 * clone is no reuse.
 */
export async function findClones(
  { targets, context }: Plan,
  places: Iterable<Location>,
): Promise<ReadonlyMap<string, string>> {
  const names = new Set<string>();
  for (const { repository } of places) if (repository !== undefined) names.add(repository);
  if (names.size < 2) return new Map();
  const folders = targets.filter(({ address }) => SCHEMES.has(address.scheme)).map(({ address }) => address);
  const byCommit = new Map<string, Set<string>>();
  for (const folder of new Set(
    folders.map(({ scheme, value }) => resolve(context.cwd, scheme === 'range' ? '.' : value)),
  )) {
    const { name, first } = await describe(folder, context.env);
    if (first !== undefined && names.has(name)) byCommit.set(first, (byCommit.get(first) ?? new Set()).add(name));
  }
  const clones = [...byCommit.values()].map((same) => [...same].sort());
  return new Map(clones.flatMap(([first = '', ...others]) => others.map((other) => [other, first])));
}

async function describe(
  directory: string,
  env: Plan['context']['env'],
): Promise<{ readonly name: string; readonly first?: string | undefined }> {
  try {
    const git = openGit({ directory, env, location: false });
    const [{ name }, first] = await Promise.all([describeRepository(git, namingOf(env)), firstCommit(git)]);
    return { name, first };
  } catch (error) {
    // No repository, or none that git reads: then it is nobody's clone.
    if (error instanceof GitError) return { name: '' };
    throw error;
  }
}
