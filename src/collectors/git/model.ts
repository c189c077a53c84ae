import type { Attribution } from '../../git/history/attribution.ts';
import type { ObjectSource } from '../../git/objects/object-source.ts';
import type { Repository } from '../../git/repository/repository.ts';
import type { CollectContext } from '../contract.ts';

/** Everything known of a repository before its contents are read. */
export interface History {
  readonly context: CollectContext;
  readonly repository: Repository;
  readonly source: ObjectSource;
  readonly attribution: Attribution;
  /** False: the walk failed, and what it did not reach may be reachable all the same. */
  readonly walkComplete: boolean;
  readonly head: HeadTree;
  /** Why a shallow clone could not be completed; empty where it could, or nobody wanted it. */
  readonly problem: string;
}

/** What is checked out: path by blob number, and the submodules. */
export interface HeadTree {
  readonly paths: ReadonlyMap<number, string>;
  /** Paths of blobs that have another one in `paths`. */
  readonly further: readonly string[];
  readonly submodules: readonly string[];
  /** Why it is not known to its end; absent where it is. */
  readonly cut?: string;
}
