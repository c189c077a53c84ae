import { parseAnnotation } from '../../git/history/commit.ts';
import { type Introduction, walkIntroductions } from '../../git/history/introductions.ts';
import { readObjects } from '../../git/objects/cat-file.ts';
import { MOST_ENTRIES } from '../../git/objects/list-objects.ts';
import { TreeSizes } from '../../git/objects/tree-size.ts';
import type { Git } from '../../git/process/open.ts';
import { namingOf } from '../../git/repository/remote.ts';
import { describeRepository } from '../../git/repository/repository.ts';
import { defined } from '../../lib/fields/defined.ts';
import type { Gap } from '../../model/gap.ts';
import type { Occurrence, Occurrences } from '../abilities.ts';
import type { CollectContext } from '../contract.ts';
import { openTargetGit } from '../shared/git-open.ts';
import type { Credit } from './messages.ts';

/** Most commits and paths that are kept for one blob. A file can come and go with every merge. */
const MOST_OF_BLOB = 1_000;
/** The same for all blobs together. */
const MOST = 200_000;

/** Finds every commit and path that brought one of some blobs. */
export async function findOccurrences(
  context: CollectContext,
  folder: string,
  blobs: ReadonlySet<string>,
): Promise<Occurrences> {
  const git = openTargetGit(context, folder);
  const byBlob = new Map<string, Map<string, Introduction>>();
  let total = 0;
  let beyond = 0;
  const visit = (introduction: Introduction): void => {
    const { blob, commit, path } = introduction;
    const ofBlob = byBlob.get(blob) ?? new Map<string, Introduction>();
    byBlob.set(blob, ofBlob);
    const key = `${commit} ${path}`;
    if (ofBlob.has(key)) return;
    if (ofBlob.size >= MOST_OF_BLOB || total >= MOST) {
      beyond += 1;
      return;
    }
    ofBlob.set(key, introduction);
    total += 1;
  };
  const sizes = new TreeSizes(git, await describeRepository(git, namingOf(context.env)));
  const bombs = await walkIntroductions(git, blobs, sizes, visit).finally(() => sizes.close());
  const credits = await readCredits(git, byBlob.values(), context.limits.fileBytes);
  const of = new Map<string, readonly Occurrence[]>();
  for (const [blob, introductions] of byBlob) {
    const list = [...introductions.values()].map(({ commit, path }) => ({ commit, path, ...credits.get(commit) }));
    of.set(blob, list);
  }
  return { of, left: beyond, gaps: bombs === 0 ? [] : [bombGap(folder, bombs)] };
}

function bombGap(folder: string, count: number): Gap {
  const which = count === 1 ? 'One commit (or a parent of it) lists' : `${count} commits (or parents of them) list`;
  const message = `${folder}: ${which} more than ${MOST_ENTRIES} files, so the places that changed there are not listed. Every object was read.`;
  return { reason: 'limit', subject: folder, message, scope: true };
}

async function readCredits(
  git: Git,
  introductions: Iterable<ReadonlyMap<string, Introduction>>,
  maxBytes: number,
): Promise<ReadonlyMap<string, Credit>> {
  const commits = new Set<string>();
  for (const ofBlob of introductions) for (const { commit } of ofBlob.values()) commits.add(commit);
  const credits = new Map<string, Credit>();
  if (commits.size === 0) return credits;
  for await (const answer of readObjects(git, commits, { maxBytes })) {
    if ('failure' in answer) continue;
    const { author, date } = parseAnnotation(answer.bytes);
    credits.set(answer.oid, { ...(author === '' ? {} : { author }), ...defined({ date }) });
  }
  return credits;
}
