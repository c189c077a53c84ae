import type { Git } from '../process/open.ts';
import { runGit } from '../process/process.ts';

/**
 * The empty tree, by the length of an id (SHA-1, SHA-256). As the base of a range it makes everything new, from the
 * first commit on.
 */
export const EMPTY_TREES: ReadonlyMap<number, string> = new Map([
  [40, '4b825dc642cb6eb9a060e54bf8d69288fbee4904'],
  [64, '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321'],
]);

const MAX_REFS = 20_000;
const MAX_SHOWN = 3;

/**
 * Returns the object ids of commits, in the order of the names, or undefined where git knows no such commit. Names are
 * written to stdin, so none of them can be taken for an option.
 * @throws GitError where git fails. A name that holds a line break is unknown.
 */
export async function resolveCommits(git: Git, names: readonly string[]): Promise<(string | undefined)[]> {
  const asked = names.map((name) => (isOneLine(name) ? `${name}^{commit}` : 'refs/none'));
  const input = `${asked.join('\n')}\n`;
  const answer = await runGit(git, ['cat-file', '--batch-check=%(objecttype) %(objectname)'], { input });
  const lines = answer.toString('utf8').split('\n');
  return names.map((_, i) => /^commit ([0-9a-f]+)$/.exec(lines[i] ?? '')?.[1]);
}

/** Returns at most three branches, tags or remote branches whose names are nearest to a mistyped one. */
export async function closestRefs(git: Git, name: string): Promise<string[]> {
  const output = await runGit(git, ['for-each-ref', `--count=${MAX_REFS}`, '--format=%(refname:short)']);
  const refs = output
    .toString('utf8')
    .split('\n')
    .filter((ref) => ref !== '');
  const wanted = lastPart(name);
  const rated = refs.map((ref) => ({ ref, cost: Math.min(distance(name, ref), distance(wanted, lastPart(ref)) + 1) }));
  const near = rated.filter(({ cost }) => cost <= Math.max(2, name.length / 2));
  near.sort((a, b) => a.cost - b.cost || (a.ref < b.ref ? -1 : 1));
  return near.slice(0, MAX_SHOWN).map(({ ref }) => ref);
}

function isOneLine(name: string): boolean {
  return name !== '' && !/[\r\n\0]/.test(name);
}

function lastPart(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

/** Edit distance (Levenshtein), two rows. Names are cut at 100 characters. */
function distance(first: string, second: string): number {
  const a = first.slice(0, 100);
  const b = second.slice(0, 100);
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] as number) + Number(a[i - 1] !== b[j - 1]);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
