import type { Git } from '../process/open.ts';
import { tryGit } from '../process/process.ts';

/** Id of the commit that the history of HEAD began with, along first parents; undefined where nothing is committed. */
export async function firstCommit(git: Git): Promise<string | undefined> {
  const answer = await tryGit(git, ['rev-list', '--first-parent', '--max-parents=0', 'HEAD', '--']);
  const id = answer?.toString('latin1').trim() ?? '';
  return /^[0-9a-f]{40,64}$/.test(id) ? id : undefined;
}
