import { type Git, tryGit } from '../git/process/process.ts';

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
 * Targets that cover what a push adds to a remote. Empty: the remote has it all, or refs are only deleted. What has no known
 * base on the remote is scanned as a whole history.
 */
export async function targetsOfPush(git: Git, remote: string, refs: readonly PushedRef[]): Promise<string[]> {
  const targets = new Set<string>();
  for (const { localSha, remoteSha } of refs) {
    if (isZero(localSha)) continue;
    const base = await baseOf(git, remote, localSha, remoteSha);
    if (base === 'nothing-new') continue;
    targets.add(base === undefined ? 'git:.' : `range:${base}...${localSha}`);
  }
  return [...targets];
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
  const lines = listed
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '');
  if (lines.length === 0) return 'nothing-new';
  return lines.find((line) => line.startsWith('-'))?.slice(1);
}

/** A remote may be given as a URL: then no branch matches, and the whole history is scanned. */
function escapeGlob(text: string): string {
  return text.replace(/[*?[\\]/g, '\\$&');
}

function isZero(sha: string): boolean {
  return /^0+$/.test(sha);
}
