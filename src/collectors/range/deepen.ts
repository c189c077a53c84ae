import type { Git } from '../../git/process/open.ts';
import type { Repository } from '../../git/repository/repository.ts';
import type { CollectContext } from '../contract.ts';
import { isShallow, tryFetch } from '../shared/git-fetch.ts';
import { openTargetGit } from '../shared/git-open.ts';
import { type RangeEnds, type RangeNames, resolveEnds } from './resolve.ts';

/** How many commits are requested in each step. The last step requests all. */
const STEPS = ['--deepen=100', '--deepen=1000', '--unshallow'];

/**
 * Fetches the ends of the range, and then older commits until the range is complete. The remote's programs, helpers and
 * URL rewrites to other transports stay off. So only HTTPS, SSH and file remotes without a helper can be reached.
 * Returns git's message if a fetch fails, else an empty text.
 */
export async function deepenRange(
  context: CollectContext,
  repository: Repository,
  folder: string,
  names: RangeNames,
  isWhole: (ends: RangeEnds) => Promise<boolean>,
): Promise<string> {
  const git = openTargetGit(context, folder, { network: true });
  const { remote } = context.options;
  const from = typeof remote === 'string' && !remote.startsWith('-') ? remote : 'origin';
  const failure = await fetchEnds(git, from, names);
  if (failure !== '') return failure;
  for (const step of repository.shallow ? STEPS : []) {
    const ends = await resolveEnds(git, names);
    if (ends.base && ends.head && (await isWhole(ends))) return '';
    if (!(await isShallow(git))) return '';
    const oids = [ends.base, ends.head].filter((oid) => oid !== undefined);
    const problem = await tryFetch(git, [step, from, ...oids]);
    if (problem !== '' && (await tryFetch(git, [step, from])) !== '') return problem;
  }
  return '';
}

/** Fetches ends that the clone does not have: a commit id, or `<remote>/<branch>`. */
async function fetchEnds(git: Git, remote: string, names: RangeNames): Promise<string> {
  const ends = await resolveEnds(git, names);
  const unknown = [ends.base ? '' : names.base, ends.head ? '' : names.head].filter((name) => name !== '');
  for (const name of unknown) {
    const refspec = refspecOf(remote, name);
    if (refspec === undefined) continue;
    const problem = await tryFetch(git, ['--depth=50', remote, refspec]);
    if (problem !== '') return problem;
  }
  return '';
}

function refspecOf(remote: string, name: string): string | undefined {
  if (/^[0-9a-f]{40,64}$/.test(name)) return name;
  const branch = name.startsWith(`${remote}/`) ? name.slice(remote.length + 1) : '';
  return /^[\w][\w./-]*$/.test(branch) ? `+refs/heads/${branch}:refs/remotes/${remote}/${branch}` : undefined;
}
