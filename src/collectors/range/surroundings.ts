import { readObjects } from '../../git/objects/cat-file.ts';
import { listTree } from '../../git/objects/list-objects.ts';
import { GitError } from '../../git/process/error.ts';
import type { Git } from '../../git/process/open.ts';
import type { SurroundingItem } from '../abilities.ts';
import { objectGap } from '../shared/git-blobs.ts';

/** What is needed to read the surroundings of a range. */
export interface SurroundingsInput {
  readonly git: Git;
  readonly repository: string;
  /** The commit at which the changes begin: the merge base. */
  readonly before: string;
  readonly head: string;
  /** Files of the head that the range itself brought as artifacts, as `<object id> <path>`. */
  readonly brought: ReadonlySet<string>;
  /** Largest file that is read, in bytes. */
  readonly fileLimit: number;
}

interface WantedFile {
  readonly path: string;
  readonly oid: string;
  readonly side: SurroundingItem['side'];
}

/**
 * Yields declaring files that the range does not bring: unchanged files of the head, and files of the merge base that
 * the range changes or removes. A file of the base that cannot be read is left out. Then more counts as added, never
 * less.
 */
export async function* readSurroundings(
  input: SurroundingsInput,
  declares: (path: string) => boolean,
): AsyncGenerator<SurroundingItem> {
  const { git, repository, fileLimit } = input;
  const wanted = await listWanted(input, declares);
  const answers = readObjects(
    git,
    wanted.map(({ oid }) => oid),
    { maxBytes: fileLimit },
  );
  let index = 0;
  for await (const answer of answers) {
    const { path, oid, side } = wanted[index] ?? { path: '', oid: '', side: 'before' };
    index += 1;
    if ('failure' in answer) {
      if (side !== 'before') yield { side, gap: objectGap(answer, path, fileLimit) };
      continue;
    }
    const origin = { collector: 'range', path, repository, blob: oid, reachable: true, present: side !== 'before' };
    yield { side, artifact: { origin, bytes: answer.bytes } };
  }
}

async function listWanted(input: SurroundingsInput, declares: (path: string) => boolean): Promise<WantedFile[]> {
  const { git, before, head, brought } = input;
  const [old, now] = await Promise.all([listDeclaring(git, before, declares), listDeclaring(git, head, declares)]);
  const wanted: WantedFile[] = [];
  for (const [path, oid] of old) wanted.push({ path, oid, side: now.get(path) === oid ? 'both' : 'before' });
  for (const [path, oid] of now) {
    if (old.get(path) !== oid && !brought.has(`${oid} ${path}`)) wanted.push({ path, oid, side: 'after' });
  }
  return wanted;
}

/** Object ids by path. A tree that cannot be read is empty. */
async function listDeclaring(
  git: Git,
  commit: string,
  declares: (path: string) => boolean,
): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  try {
    await listTree(git, commit, ({ mode, oid, path }) => {
      if (mode.startsWith('100') && declares(path)) files.set(path, oid);
    });
  } catch (error) {
    if (!(error instanceof GitError) || error.failure !== 'failed') throw error;
  }
  return files;
}
