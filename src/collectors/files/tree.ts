/**
 * Entries of a tree: files to read, folders that are repositories of their own, and what is left out or unreadable.
 * `raw`: bytes of a path that is not UTF-8.
 */
export type TreeEntry =
  | { readonly kind: 'file' | 'symlink' | 'special-file' | 'repository'; readonly path: string; readonly raw?: Buffer }
  | { readonly kind: 'error'; readonly path: string; readonly code: string };

/** A part of a listing: its size is known before its entries are made. */
export interface TreePart {
  readonly count: number;
  readonly entries: Iterable<TreeEntry>;
}

/** A tree. Paths of entries are relative to `folder`. */
export interface Tree {
  readonly folder: string;
  readonly name: string;
  /** Of a repository inside the target: its path from there, with a slash behind it. Empty for the target itself. */
  readonly within: string;
  /** Git folder of the repository; absent where there is none. */
  readonly store?: string;
  /** `git`, or `none` where no repository tells what is ignored. */
  readonly ignoreRules: 'git' | 'none';
  /** Lists it; once. Reading may begin with the first part, while the rest is still being listed. */
  readonly parts: () => AsyncIterable<TreePart>;
  /** The whole work tree of a repository, not a part of it. */
  readonly whole: boolean;
}
