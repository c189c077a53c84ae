import { join } from 'node:path';
import { GitError } from '../../lib/git/error.ts';
import { describeRepository } from '../../lib/git/repository.ts';
import { listTips } from '../../lib/git/tips.ts';
import type { Address } from '../../model/address.ts';
import { objectOf } from '../../model/location.ts';
import type { CollectContext, Collected, Earlier } from '../contract.ts';
import { openTargetGit, targetFolder } from '../shared/git-open.ts';
import { collectConfiguration } from './configuration.ts';
import { collectHistory } from './history.ts';
import { HISTORY } from './names.ts';
import { findNews, toCheckpoint } from './news.ts';
import { Reading } from './reading.ts';

/**
 * Reads what is new since an earlier run, and again what held findings then. Reads everything where there was no such run, or
 * where only that can be right. The tips are listed first: what they reach is in the store when it is read.
 */
export async function* collectSince(
  context: CollectContext,
  folder: string,
  earlier: Earlier,
): AsyncGenerator<Collected> {
  const git = openTargetGit(context, folder);
  const [repository, tips] = await Promise.all([describeRepository(git), listTips(git)]);
  const checkpoint = toCheckpoint(tips);
  if (earlier.checkpoint === undefined) {
    yield { kind: 'checkpoint', checkpoint };
    return yield* collectHistory(context, folder);
  }
  const news = await findNews(git, repository, earlier, tips);
  if (typeof news === 'string') {
    yield { kind: 'checkpoint', checkpoint, full: news };
    return yield* collectHistory(context, folder);
  }
  const reading = new Reading(context, repository, news, earlier);
  yield* collectConfiguration({ context, repository });
  yield { kind: 'plan', scope: HISTORY, unit: 'blobs', count: 0, facts: reading.facts() };
  yield* reading.items(git);
  const again = new Set(earlier.places.filter((place) => reading.isAgain(place)).map(objectOf));
  const present = new Set(news.head.keys());
  yield { kind: 'checkpoint', checkpoint, news: reading.inWords(), again, fresh: reading.fresh(), present };
}

/** `bowerbird/state.json` in the git directory that worktrees share. Undefined where there is no repository. */
export async function findStateFile(context: CollectContext, address: Address): Promise<string | undefined> {
  const git = openTargetGit(context, targetFolder(context, address.value));
  try {
    return join((await describeRepository(git)).commonDirectory, 'bowerbird', 'state.json');
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}
