/**
 * An entry of a tree: a file to read, a folder that is a repository of its own, or what is left out or unreadable.
 * `raw`: the bytes of a path that is not UTF-8.
 */
export type TreeEntry =
  | { readonly kind: 'file' | 'symlink' | 'special-file' | 'repository'; readonly path: string; readonly raw?: Buffer }
  | { readonly kind: 'error'; readonly path: string; readonly code: string };

/** A part of a listing. Its size is known before its entries are made. */
export interface TreePart {
  readonly count: number;
  readonly entries: Iterable<TreeEntry>;
}

/** A tree. Paths of entries are relative to `folder`. */
export interface Tree {
  readonly folder: string;
  readonly name: string;
  /** For a repository inside the target: its path from there, with a slash at its end. Empty for the target itself. */
  readonly within: string;
  /** The git folder of the repository. Absent if there is none. */
  readonly store?: string;
  /** `git`, or `none` if no repository tells what is ignored. */
  readonly ignoreRules: 'git' | 'none';
  /** Lists the tree. Call it once. Reading may begin with the first part while the rest is still being listed. */
  readonly parts: () => AsyncIterable<TreePart>;
  /** True for the whole work tree of a repository, false for a part of it. */
  readonly whole: boolean;
}
