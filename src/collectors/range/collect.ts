import { parseAnnotation } from '../../git/history/commit.ts';
import { readObjects } from '../../git/objects/cat-file.ts';
import { MOST_ENTRIES } from '../../git/objects/list-objects.ts';
import { TreeSizes } from '../../git/objects/tree-size.ts';
import type { Git } from '../../git/process/open.ts';
import { namingOf } from '../../git/repository/remote.ts';
import { describeRepository, type Repository, shallowCommits } from '../../git/repository/repository.ts';
import { defined } from '../../lib/fields/defined.ts';
import type { Gap } from '../../model/gap.ts';
import type { Surroundings } from '../abilities.ts';
import type { CollectContext, Collected } from '../contract.ts';
import { createExclusion } from '../shared/exclusion.ts';
import { objectGap, readAdded } from '../shared/git-blobs.ts';
import { mayDeepen } from '../shared/git-fetch.ts';
import { openTargetGit } from '../shared/git-open.ts';
import { followLfsPointer } from '../shared/lfs.ts';
import { type CommitText, headerNames, pathNames } from '../shared/names.ts';
import { mergeBases, type NewBlob, newCommits, type RangeChanges, rangeChanges } from './changes.ts';
import { deepenRange } from './deepen.ts';
import { RANGE } from './names.ts';
import { parseRange, type RangeEnds, type RangeNames, resolveEnds, unknownRevision } from './resolve.ts';

const MESSAGES = 'messages';

/** A range whose commits are known. */
interface Range {
  readonly context: CollectContext;
  readonly git: Git;
  readonly repository: Repository;
  readonly base: string;
  readonly head: string;
  readonly bases: readonly string[];
  readonly commits: readonly string[];
  /** True if commits of the range have parents that the clone does not have. */
  readonly cut: boolean;
}

/** Author's name and date of a commit. */
type Credits = ReadonlyMap<string, { readonly author?: string; readonly date?: string }>;

export async function* collectRange(context: CollectContext, folder: string, text: string): AsyncGenerator<Collected> {
  const names = parseRange(text);
  const git = openTargetGit(context, folder);
  const repository = await describeRepository(git, namingOf(context.env));
  const range = await openRange(context, git, repository, names);
  if ('message' in range) {
    yield { kind: 'gap', scope: RANGE, gap: range };
    return;
  }
  if (range.cut) yield { kind: 'gap', scope: RANGE, gap: shallowGap(text, '') };
  if (range.commits.length === 0) yield { kind: 'gap', scope: RANGE, gap: emptyGap(text) };
  const credits = yield* collectMessages(range);
  const brought = new Set<string>();
  yield* collectNewBlobs(range, credits, brought);
  yield surroundingsOf(range, brought);
}

/** Resolves the range, and deepens a shallow clone if the user wants that. Returns a gap if nothing can be read. */
async function openRange(
  context: CollectContext,
  git: Git,
  repository: Repository,
  names: RangeNames,
): Promise<Range | Gap> {
  const text = `${names.base}...${names.head}`;
  const load = (ends: { base: string; head: string }, current: Repository) => loadRange(context, git, current, ends);
  const ends = known(await resolveEnds(git, names));
  const range = ends ? await load(ends, repository) : undefined;
  if (range && !range.cut) return range;
  if (!ends && !repository.shallow && !mayDeepen(context))
    throw await unknownRevision(git, await unknownName(git, names));
  if (!mayDeepen(context)) return range ?? shallowGap(text, '');
  const isWhole = async (ends: RangeEnds) => {
    const both = known(ends);
    return both !== undefined && !(await load(both, await describeRepository(git, namingOf(context.env)))).cut;
  };
  const problem = await deepenRange(context, repository, git.directory, names, isWhole);
  const after = known(await resolveEnds(git, names));
  if (after) {
    const deepened = await load(after, await describeRepository(git, namingOf(context.env)));
    return deepened.cut && problem !== '' ? shallowGap(text, problem) : deepened;
  }
  if (problem !== '') return shallowGap(text, problem);
  throw await unknownRevision(git, await unknownName(git, names));
}

function known(ends: RangeEnds): { base: string; head: string } | undefined {
  return ends.base !== undefined && ends.head !== undefined ? { base: ends.base, head: ends.head } : undefined;
}

async function unknownName(git: Git, names: RangeNames): Promise<string> {
  return (await resolveEnds(git, names)).base === undefined ? names.base : names.head;
}

async function loadRange(
  context: CollectContext,
  git: Git,
  repository: Repository,
  ends: { readonly base: string; readonly head: string },
): Promise<Range> {
  const [commits, bases, shallow] = await Promise.all([
    newCommits(git, ends.base, ends.head),
    mergeBases(git, ends.base, ends.head),
    shallowCommits(repository),
  ]);
  const cut = commits.some((commit) => shallow.has(commit)) || (repository.shallow && bases.length === 0);
  return { context, git, repository, ...ends, bases, commits, cut };
}

function shallowGap(text: string, problem: string): Gap {
  const reason = problem === '' ? '' : ` Fetching them failed: ${problem}.`;
  const advice = 'Run "git fetch --unshallow" first, or check out with fetch-depth: 0.';
  const message = `This clone does not hold all commits of ${text}, so what they add cannot be seen.${reason} ${advice}`;
  return { reason: 'shallow', subject: text, message, scope: true };
}

function emptyGap(text: string): Gap {
  const message = `The range ${text} holds no commits, so nothing was scanned. Check that base and head are not swapped.`;
  return { reason: 'nothing-planned', subject: text, message, scope: true };
}

function cutGap({ base, head }: Range, cut: string): Gap {
  const subject = `${base.slice(0, 12)}...${head.slice(0, 12)}`;
  return { reason: 'limit', subject, message: `The range ${subject} was not read to its end: ${cut}.`, scope: true };
}

/** Separates commits whose changes can be listed from those whose trees describe too many files. */
async function sortOut({ git, repository, commits }: Range): Promise<Record<'small' | 'bombs', readonly string[]>> {
  const sizes = new TreeSizes(git, repository);
  const sorted: Record<'small' | 'bombs', string[]> = { small: [], bombs: [] };
  try {
    for (const commit of commits) sorted[(await sizes.isOver(commit)) ? 'bombs' : 'small'].push(commit);
    return sorted;
  } finally {
    sizes.close();
  }
}

function bombGap(commit: string): Gap {
  const subject = `commit ${commit.slice(0, 12)}`;
  const message = `${subject} lists more than ${MOST_ENTRIES} files, so its files were not read. Scan git:. to read each of its objects.`;
  return { reason: 'limit', subject, message, scope: true };
}

async function* collectMessages(range: Range): AsyncGenerator<Collected, Credits> {
  const { context, git, repository, commits } = range;
  const credits = new Map<string, { author?: string; date?: string }>();
  const headers = new Map<string, CommitText>();
  const limit = context.limits.fileBytes;
  yield { kind: 'plan', scope: MESSAGES, unit: 'messages', count: commits.length };
  for await (const answer of readObjects(git, commits, { maxBytes: limit })) {
    const commit = answer.oid;
    if ('failure' in answer) {
      yield { kind: 'gap', scope: MESSAGES, gap: objectGap(answer, `commit ${commit.slice(0, 12)}`, limit) };
      continue;
    }
    const { author, date, message, texts } = parseAnnotation(answer.bytes);
    for (const { part, text } of texts) headers.set(`${part} ${text}`, { part, text, commit });
    const credit = { ...(author === '' ? {} : { author }), ...defined({ date }) };
    credits.set(commit, credit);
    if (message.length === 0) {
      yield { kind: 'skip', scope: MESSAGES, skip: { reason: 'empty', subject: commit } };
      continue;
    }
    const part = 'commit-message' as const;
    const origin = { collector: 'range', path: '', part, repository: repository.name, commit, ...credit };
    yield { kind: 'artifact', scope: MESSAGES, artifact: { origin: { ...origin, reachable: true }, bytes: message } };
  }
  const origin = { collector: 'range', repository: repository.name, reachable: true };
  yield headerNames(MESSAGES, origin, [...headers.values()]);
  return credits;
}

/** Returns the declarations around the changes, for a run that found something. */
function surroundingsOf(range: Range, brought: ReadonlySet<string>): Surroundings {
  const { git, repository, base, bases, head, context } = range;
  const input = {
    git,
    repository: repository.name,
    before: bases[0] ?? base,
    head,
    brought,
    fileLimit: context.limits.fileBytes,
  };
  return {
    kind: 'surroundings',
    async *read(declares) {
      const { readSurroundings } = await import('./surroundings.ts');
      const isExcluded = createExclusion(context);
      yield* readSurroundings(input, (path) => declares(path) && isExcluded?.(path) !== true);
    },
  };
}

/** Reads the new blobs, and adds their files to `brought`. */
async function* collectNewBlobs(range: Range, credits: Credits, brought: Set<string>): AsyncGenerator<Collected> {
  const { context, git, commits } = range;
  const { small, bombs } = await sortOut(range);
  for (const commit of bombs) yield { kind: 'gap', scope: RANGE, gap: bombGap(commit) };
  const sides = { base: [range.base, ...range.bases], head: range.head };
  const { blobs, submodules, excluded, changes, cut }: RangeChanges =
    small.length === 0
      ? { blobs: [], submodules: [], excluded: [], changes: 0 }
      : await rangeChanges(git, small, sides, createExclusion(context));
  const facts = { commits: commits.length, changes, shallow: range.repository.shallow };
  const count = blobs.length + submodules.length + excluded.length;
  yield { kind: 'plan', scope: RANGE, unit: 'blobs', count, facts };
  if (cut !== undefined) yield { kind: 'gap', scope: RANGE, gap: cutGap(range, cut) };
  for (const path of submodules) yield { kind: 'skip', scope: RANGE, skip: { reason: 'submodule', subject: path } };
  for (const path of excluded) yield { kind: 'skip', scope: RANGE, skip: { reason: 'excluded', subject: path } };
  yield namesOfChanges(range, blobs);
  const whole = context.options['full-blobs'] === true;
  const wanted = whole ? blobs.map((blob) => ({ ...blob, bases: [] })) : blobs;
  for await (const { want, answer, ranges } of readAdded(git, wanted, context.limits.fileBytes)) {
    brought.add(`${want.oid} ${want.path}`);
    yield settle(range, credits, want, answer, ranges);
  }
}

function namesOfChanges({ repository }: Range, blobs: readonly NewBlob[]): Collected {
  const byPath = new Map(blobs.map((blob) => [blob.path, blob]));
  return pathNames(RANGE, [...byPath.keys()], (path) => {
    const { commit, present = false } = byPath.get(path) ?? {};
    return {
      collector: 'range',
      path,
      repository: repository.name,
      ...(commit && { commit }),
      reachable: true,
      present,
    };
  });
}

type Added = Awaited<ReturnType<ReturnType<typeof readAdded<NewBlob>>['next']>>['value'];

function settle(
  range: Range,
  credits: Credits,
  want: NewBlob,
  answer: Added['answer'],
  ranges: Added['ranges'],
): Collected {
  const { path, commit, present } = want;
  if ('failure' in answer) {
    return { kind: 'gap', scope: RANGE, gap: objectGap(answer, path, range.context.limits.fileBytes) };
  }
  if (answer.bytes.length === 0) return { kind: 'skip', scope: RANGE, skip: { reason: 'empty', subject: path } };
  const origin = {
    collector: 'range',
    path,
    repository: range.repository.name,
    blob: want.oid,
    commit,
    ...credits.get(commit),
    reachable: true,
    present,
  };
  const { repository, context } = range;
  const followed = followLfsPointer(answer.bytes, repository.commonDirectory, path, context.limits.fileBytes);
  if (followed !== undefined) {
    if ('gap' in followed) return { kind: 'gap', scope: RANGE, gap: followed.gap };
    return { kind: 'artifact', scope: RANGE, artifact: { origin, bytes: followed.bytes } };
  }
  return { kind: 'artifact', scope: RANGE, artifact: { origin, bytes: answer.bytes, ...(ranges ? { ranges } : {}) } };
}
