import { Attribution, startLostWalk, startWalk } from '../../git/history/attribution.ts';
import { listTree, TYPE_CODE } from '../../git/objects/list-objects.ts';
import { countOf, indexesOf, type ObjectSource, openCatFileSource } from '../../git/objects/object-source.ts';
import { PackError } from '../../git/pack/pack-error.ts';
import { openPackSource } from '../../git/pack/pack-source.ts';
import { GitError } from '../../git/process/error.ts';
import type { Git } from '../../git/process/open.ts';
import { type GitProcess, runGit } from '../../git/process/process.ts';
import { namingOf } from '../../git/repository/remote.ts';
import { describeRepository, type Repository } from '../../git/repository/repository.ts';
import type { Gap } from '../../model/gap.ts';
import type { CollectContext, Collected } from '../contract.ts';
import { mayDeepen, tryFetch } from '../shared/git-fetch.ts';
import { openTargetGit } from '../shared/git-open.ts';
import { collectConfiguration } from './configuration.ts';
import { collectContents } from './contents.ts';
import type { HeadTree, History } from './model.ts';
import { HISTORY } from './names.ts';

const SUBMODULE = '160000';
const NO_HEAD: HeadTree = { paths: new Map(), further: [], submodules: [] };

/**
 * Reads the whole object store of a repository. Blobs come last, after the commits that name their authors.
 * `described`: what the caller already knows about the repository.
 */
export async function* collectHistory(
  context: CollectContext,
  folder: string,
  described?: Repository,
): AsyncGenerator<Collected> {
  const git = openTargetGit(context, folder);
  const { repository, problem } = await openWhole(context, git, folder, described);
  const walk = startWalk(git, { ignoreBroken: false });
  let source: ObjectSource | undefined;
  try {
    const counting = countRefs(git);
    source = await openSource(context, git, repository);
    if (source.packBytes !== undefined) yield { kind: 'ahead', bytes: source.packBytes };
    const attribution = new Attribution(source.table, source.types);
    const failure = await readWalks(git, walk, source, attribution);
    const unreached = source.circular ? 0 : await readLostCommits(git, source, attribution);
    const head = source.circular ? NO_HEAD : await readHead(git, source);
    const history = { context, repository, source, attribution, walkComplete: failure === '', head, problem };
    const commits = countOf(source.types, [TYPE_CODE.commit]);
    const { shallow } = repository;
    const facts = { commits, refs: await counting, shallow, unreachableCommits: unreached, reader: source.reader };
    yield { kind: 'plan', scope: HISTORY, unit: 'blobs', count: 0, facts };
    yield* wholeGaps(history, failure, commits);
    yield* collectConfiguration(history);
    yield* collectContents(history);
  } finally {
    walk.stop();
    source?.close();
  }
}

/**
 * Fetches what a shallow clone lacks, if the user wants that. `problem`: why it could not be fetched, or an empty text.
 */
async function openWhole(
  context: CollectContext,
  git: Git,
  folder: string,
  described: Repository | undefined,
): Promise<{ readonly repository: Repository; readonly problem: string }> {
  const naming = namingOf(context.env);
  const repository = described ?? (await describeRepository(git, naming));
  if (!repository.shallow || !mayDeepen(context)) return { repository, problem: '' };
  const { remote } = context.options;
  const from = typeof remote === 'string' && !remote.startsWith('-') ? remote : 'origin';
  const problem = await tryFetch(openTargetGit(context, folder, { network: true }), ['--unshallow', from]);
  return { repository: await describeRepository(git, naming), problem };
}

/** Follows the refs. Returns why the first walk failed. A second walk then skips what is broken. */
async function readWalks(git: Git, walk: GitProcess, source: ObjectSource, attribution: Attribution): Promise<string> {
  if (source.circular) {
    walk.stop();
    return "deltas are each other's base";
  }
  const failure = await attribution.read(walk, { reachable: true });
  if (failure !== '') await attribution.read(startWalk(git, { ignoreBroken: true }), { reachable: true });
  return failure;
}

/** Chooses the pack reader, or git if the user wants it or the store needs it. */
async function openSource(context: CollectContext, git: Git, repository: Repository): Promise<ObjectSource> {
  if (context.options['reader'] === 'cat-file') return openCatFileSource(git, repository.width);
  try {
    return await openPackSource(git, repository);
  } catch (error) {
    if (!(error instanceof PackError)) throw error;
    const source = await openCatFileSource(git, repository.width);
    return { ...source, reader: `cat-file: ${error.message}` };
  }
}

/** Counts refs of all kinds. Returns 0 if they cannot be listed; the walk then reports what is broken. */
async function countRefs(git: Git): Promise<number> {
  return runGit(git, ['for-each-ref', '--format=x']).then(
    (output) => Math.floor(output.length / 2),
    () => 0,
  );
}

/**
 * Finds commit and path of what only unreachable commits hold: amended commits, deleted branches. Returns how many
 * there are. If the walk fails here, names are lost and no coverage: the objects are read in any case.
 */
async function readLostCommits(git: Git, source: ObjectSource, attribution: Attribution): Promise<number> {
  const commits = indexesOf(source.types, [TYPE_CODE.commit], (index) => attribution.reached[index] !== 1);
  if (commits.length === 0) return 0;
  const walk = startLostWalk(
    git,
    commits.map((index) => source.table.hex(index)),
  );
  await attribution.read(walk, { reachable: false });
  return commits.length;
}

async function readHead(git: Git, source: ObjectSource): Promise<HeadTree> {
  const paths = new Map<number, string>();
  const further: string[] = [];
  const submodules: string[] = [];
  try {
    await listTree(git, 'HEAD', ({ mode, oid, path }) => {
      if (mode === SUBMODULE) submodules.push(path);
      const index = source.table.findHex(Buffer.from(oid, 'latin1'), 0);
      if (index >= 0 && !paths.has(index)) paths.set(index, path);
      else further.push(path);
    });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (error.failure === 'limit') return { paths, further, submodules, cut: error.message };
    // There is no commit yet, or a tree is broken. The walk reports a broken tree.
    if (error.failure !== 'failed') throw error;
  }
  return { paths, further, submodules };
}

/** Gaps of the history as a whole. */
function* wholeGaps(history: History, failure: string, commits: number): Generator<Collected> {
  const { repository, source, attribution } = history;
  const where = repository.gitDirectory;
  const gap = (reason: Gap['reason'], message: string): Collected => ({
    kind: 'gap',
    scope: HISTORY,
    gap: { reason, subject: where, message, scope: true },
  });
  if (commits === 0) yield gap('nothing-planned', `${where} has no commits: there is no history to scan.`);
  if (repository.shallow) {
    const why = history.problem === '' ? '' : ` They could not be fetched (${history.problem}).`;
    const advice = 'Add --deepen, or run "git fetch --unshallow" and scan again.';
    const message = `${where} is a shallow clone: older commits are not in it.${why} ${advice}`;
    yield gap('shallow', message);
  }
  if (failure !== '') {
    const message = `The walk over the history of ${where} failed (${failure}): run "git fsck" to see what is broken.`;
    yield gap('corrupt', message);
  }
  if (history.head.cut !== undefined) {
    const message = `${where}: ${history.head.cut}, so it is not known of all files whether they are still there.`;
    yield gap('limit', message);
  }
  if (source.complaint !== '')
    yield gap('corrupt', `The objects of ${where} could not all be listed: ${source.complaint}`);
  if (repository.partial && attribution.missing.size > 0) {
    const count = attribution.missing.size;
    const message = `${where} is a partial clone without ${count} of its objects. Clone it without --filter and scan again.`;
    yield gap('missing-object', message);
  }
}
