import { join } from 'node:path';
import { listTips, type Tips } from '../../git/history/tips.ts';
import { ObjectCheck } from '../../git/objects/object-check.ts';
import type { Git } from '../../git/process/open.ts';
import { discoverFolders } from '../../git/repository/discover.ts';
import { type Naming, namingOf } from '../../git/repository/remote.ts';
import { describeRepository, type Repository } from '../../git/repository/repository.ts';
import { defined } from '../../lib/fields/defined.ts';
import type { Address } from '../../model/address.ts';
import type { Json } from '../../model/json.ts';
import { objectOf } from '../../model/location.ts';
import type { Earlier } from '../abilities.ts';
import type { CollectContext, Collected } from '../contract.ts';
import { keepsLocation, openTargetGit, targetFolder } from '../shared/git-open.ts';
import { collectConfiguration } from './configuration.ts';
import { collectHistory } from './history.ts';
import { HISTORY } from './names.ts';
import { findNews, type News, toCheckpoint } from './news.ts';
import { Reading } from './reading.ts';

/**
 * Reads what is new since an earlier run, and again what held findings then. Reads everything if there was no earlier
 * run, or if anything less would be wrong. Tips are listed first, because the store then has what they reach when it is
 * read.
 */
export async function* collectSince(
  context: CollectContext,
  folder: string,
  earlier: Earlier,
): AsyncGenerator<Collected> {
  const git = openTargetGit(context, folder);
  const { repository, tips, news } = await lookAround(git, earlier, namingOf(context.env));
  const checkpoint = toCheckpoint(tips);
  if (typeof news === 'object') {
    return yield* collectNews({ context, git, earlier, checkpoint, news, repository });
  }
  yield { kind: 'checkpoint', checkpoint, ...defined({ full: news }) };
  yield* collectHistory(context, folder, repository);
}

interface Since {
  readonly context: CollectContext;
  readonly git: Git;
  readonly repository: Repository;
  readonly earlier: Earlier;
  readonly checkpoint: Json;
  readonly news: News;
}

async function* collectNews(since: Since): AsyncGenerator<Collected> {
  const { context, git, repository, earlier, checkpoint, news } = since;
  const reading = new Reading(context, repository, news, earlier);
  yield* collectConfiguration({ context, repository });
  yield { kind: 'plan', scope: HISTORY, unit: 'blobs', count: 0, facts: reading.facts() };
  yield* reading.items(git);
  yield* reading.names();
  const again = new Set(earlier.places.filter((place) => reading.isAgain(place)).map(objectOf));
  const present = new Set(news.head.keys());
  yield { kind: 'checkpoint', checkpoint, news: reading.inWords(), again, fresh: reading.fresh(), present };
}

/** Finds out what is there, and what of it is new. Undefined if there is no earlier run to compare with. */
async function lookAround(
  git: Git,
  earlier: Earlier,
  naming: Naming,
): Promise<{ repository: Repository; tips: Tips; news: Awaited<ReturnType<typeof findNews>> | undefined }> {
  const check = new ObjectCheck(git);
  try {
    const described = describeRepository(git, naming);
    const folder = described.then(({ commonDirectory }) => commonDirectory);
    const [repository, tips] = await Promise.all([described, listTips(git, folder, check)]);
    const news = earlier.checkpoint === undefined ? undefined : await findNews(git, repository, check, earlier, tips);
    return { repository, tips, news };
  } finally {
    check.stop();
  }
}

/**
 * Returns `bowerbird/state.json` in the git directory that worktrees share, or undefined if there is no repository.
 * Does not start git. If git refuses to read the folder, that becomes a gap later.
 */
export function findStateFile(context: CollectContext, address: Address): string | undefined {
  const folder = targetFolder(context, address.value);
  const folders = discoverFolders(folder, keepsLocation(context, folder) ? context.env : {});
  return folders && join(folders.commonDirectory, 'bowerbird', 'state.json');
}
