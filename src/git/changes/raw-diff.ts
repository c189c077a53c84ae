import { GitError } from '../process/error.ts';

/** Most changes of one diff. Most callers keep them all, and a few small trees can describe billions. */
const MOST_CHANGES = 1_000_000;
const SYMLINK = '120000';
const SUBMODULE = '160000';
const ABSENT = '000000';

/**
 * One changed path. `old` has one entry per parent: more than one in the combined diff of a merge. `from`: where a
 * renamed or copied file was, unless it is the diff of a merge.
 */
export interface Change {
  readonly path: string;
  readonly from?: string;
  readonly mode: string;
  readonly oid: string;
  readonly old: readonly { readonly mode: string; readonly oid: string }[];
  /** Status letters, one per parent: A, C, D, M, R, T, U. */
  readonly status: string;
}

/** The kind of thing a change brings. */
export type ChangeKind = 'file' | 'symlink' | 'submodule' | 'deleted' | 'unmerged' | 'same-content';

export function kindOf(change: Change): ChangeKind {
  if (change.status.includes('U')) return 'unmerged';
  if (change.mode === ABSENT) return 'deleted';
  if (change.mode === SUBMODULE) return 'submodule';
  if (change.old.some((old) => old.oid === change.oid && old.mode !== SUBMODULE)) return 'same-content';
  return change.mode === SYMLINK ? 'symlink' : 'file';
}

/** True where the old side is a file whose lines can be compared. */
export function isComparable(old: { readonly mode: string }): boolean {
  return old.mode !== ABSENT && old.mode !== SUBMODULE;
}

/**
 * Reads `--raw -z` output, one NUL-ended record at a time. It is the output of `diff-index`, or of `diff-tree --stdin`
 * with or without `-c`: there a record that is only an object id starts the next commit. Format:
 * https://git-scm.com/docs/diff-format (raw and combined).
 */
export class RawDiffReader {
  /** The commit that the changes belong to; empty for a single diff. */
  commit = '';
  readonly #onChange: (change: Change, commit: string) => void;
  #entriesLeft: number;
  #header = '';
  #pathsLeft = 0;
  #from: string | undefined;

  /** `limit`: how many changes are accepted. One more makes `push` throw `GitError` `limit`. */
  constructor(onChange: (change: Change, commit: string) => void, limit = MOST_CHANGES) {
    this.#onChange = onChange;
    this.#entriesLeft = limit;
  }

  push(record: Buffer): void {
    if (this.#pathsLeft > 0) {
      this.#path(record);
      return;
    }
    const text = record.toString('latin1');
    if (!text.startsWith(':')) {
      this.commit = text.trim();
      return;
    }
    this.#header = text;
    this.#pathsLeft = isRenameOfOneParent(text) ? 2 : 1;
  }

  /** A plain diff names the old path of a rename first. A combined diff names the new path only. */
  #path(record: Buffer): void {
    this.#pathsLeft -= 1;
    if (this.#pathsLeft > 0) {
      this.#from = record.toString('utf8');
      return;
    }
    this.#entriesLeft -= 1;
    if (this.#entriesLeft < 0) throw new GitError('limit', 'git lists more changed files than are looked at');
    const change = parseHeader(this.#header, record.toString('utf8'));
    this.#onChange(this.#from === undefined ? change : { ...change, from: this.#from }, this.commit);
    this.#from = undefined;
  }
}

function isRenameOfOneParent(header: string): boolean {
  return !header.startsWith('::') && /[RC]\d*$/.test(header);
}

function parseHeader(header: string, path: string): Change {
  const parents = /^:+/.exec(header)?.[0].length ?? 1;
  const fields = header.slice(parents).split(' ');
  const modes = fields.slice(0, parents + 1);
  const oids = fields.slice(parents + 1, parents * 2 + 2);
  const old = modes.slice(0, parents).map((mode, i) => ({ mode, oid: oids[i] ?? '' }));
  const status = (fields[parents * 2 + 2] ?? '').replace(/\d+/g, '');
  return { path, mode: modes[parents] ?? '', oid: oids[parents] ?? '', old, status };
}
