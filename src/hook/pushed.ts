import { EMPTY_TREES, resolveCommits } from '../git/history/revisions.ts';
import type { Git } from '../git/process/open.ts';
import { tryGit } from '../git/process/process.ts';
import { UsageError } from '../model/errors.ts';

/** What a push is read from. */
interface PushIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readStdin(): Promise<string>;
  git(): Git;
}

/** One line that git gives a pre-push hook. */
export interface PushedRef {
  readonly localSha: string;
  readonly remoteSha: string;
}

const LINE = /^\S+ ([0-9a-f]{40,64}) \S+ ([0-9a-f]{40,64})$/;

/** Reads the standard input of a pre-push hook. Lines of another form are not git's and are left. */
export function parsePushedRefs(text: string): PushedRef[] {
  return text.split('\n').flatMap((line) => {
    const [, localSha, remoteSha] = LINE.exec(line.trim()) ?? [];
    return localSha === undefined || remoteSha === undefined ? [] : [{ localSha, remoteSha }];
  });
}

/**
 * Targets that cover what a push adds to a remote. Empty: the remote has it all, or refs are only deleted. A ref that
 * has no known base on the remote is scanned from its first commit on; other branches and what no ref reaches stay
 * here, so they are not looked at.
 */
export async function targetsOfPush(git: Git, remote: string, refs: readonly PushedRef[]): Promise<string[]> {
  const targets = new Set<string>();
  const whole: string[] = [];
  for (const { localSha, remoteSha } of refs) {
    if (isZero(localSha)) continue;
    const base = await baseOf(git, remote, localSha, remoteSha);
    if (base === undefined) whole.push(localSha);
    else if (base !== 'nothing-new') targets.add(`range:${base}...${localSha}`);
  }
  for (const target of await targetsOfWhole(git, whole)) targets.add(target);
  return [...targets];
}

/**
 * The first is read from its first commit on, the others from where they leave it; what another one reaches needs no
 * reading.
 */
async function targetsOfWhole(git: Git, tips: readonly string[]): Promise<string[]> {
  const independent = tips.length < 2 ? undefined : await tryGit(git, ['merge-base', '--independent', ...tips]);
  const [first, ...others] = independent === undefined ? tips : linesOf(independent);
  if (first === undefined) return [];
  const targets = [fromNothing(first)];
  for (const other of others) {
    const [base] = linesOf((await tryGit(git, ['merge-base', first, other])) ?? Buffer.of());
    targets.push(base === undefined ? fromNothing(other) : `range:${base}...${other}`);
  }
  return targets;
}

function fromNothing(tip: string): string {
  return `range:${EMPTY_TREES.get(tip.length) ?? ''}...${tip}`;
}

function linesOf(output: Buffer): string[] {
  return output
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '');
}

async function baseOf(
  git: Git,
  remote: string,
  localSha: string,
  remoteSha: string,
): Promise<string | 'nothing-new' | undefined> {
  if (localSha === remoteSha) return 'nothing-new';
  if (!isZero(remoteSha) && (await tryGit(git, ['cat-file', '-e', `${remoteSha}^{commit}`])) !== undefined)
    return remoteSha;
  return boundaryOf(git, remote, localSha);
}

/** The first commit on the way back that some branch of the remote has. */
async function boundaryOf(git: Git, remote: string, localSha: string): Promise<string | 'nothing-new' | undefined> {
  const listed = await tryGit(git, ['rev-list', '--boundary', localSha, '--not', `--remotes=${escapeGlob(remote)}`]);
  if (listed === undefined) return undefined;
  const lines = linesOf(listed);
  if (lines.length === 0) return 'nothing-new';
  return lines.find((line) => line.startsWith('-'))?.slice(1);
}

/** A remote may be given as a URL: then no branch matches, and the ref is scanned from its first commit on. */
function escapeGlob(text: string): string {
  return text.replace(/[*?[\\]/g, '\\$&');
}

function isZero(sha: string): boolean {
  return /^0+$/.test(sha);
}

/**
 * Targets of a push, from what git or the pre-commit framework says of it. The framework reads git's input itself and
 * returns the ends in variables. `args`: name of the remote, then its URL.
 */
export async function pushTargets(args: readonly string[], io: PushIo): Promise<string[]> {
  const {
    PRE_COMMIT_FROM_REF: from,
    PRE_COMMIT_TO_REF: to,
    PRE_COMMIT_REMOTE_NAME: name,
    PRE_COMMIT_LOCAL_BRANCH: branch,
  } = io.env;
  if (from && to) return targetsOfPush(io.git(), name ?? 'origin', [pushedRef(to, from)]);
  if (io.env['PRE_COMMIT'] === '1') return branch ? targetsOfBranch(io.git(), name ?? 'origin', branch) : ['git:.'];
  return targetsOfPush(io.git(), args[0] ?? 'origin', parsePushedRefs(await io.readStdin()));
}

/**
 * At a first push the pre-commit framework names the branch only; without one it was called by hand, for everything.
 */
async function targetsOfBranch(git: Git, remote: string, branch: string): Promise<string[]> {
  const [sha] = await resolveCommits(git, [branch]);
  if (sha === undefined) throw new UsageError(`PRE_COMMIT_LOCAL_BRANCH is ${branch}, which is no branch here.`);
  return targetsOfPush(git, remote, [{ localSha: sha, remoteSha: '0'.repeat(sha.length) }]);
}

function pushedRef(to: string, from: string): PushedRef {
  const [ref] = parsePushedRefs(`to ${to} from ${from}`);
  if (ref === undefined) throw new UsageError('PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF must be full commit ids.');
  return ref;
}
