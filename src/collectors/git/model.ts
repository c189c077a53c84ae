import type { Attribution } from '../../git/history/attribution.ts';
import type { ObjectSource } from '../../git/objects/object-source.ts';
import type { Repository } from '../../git/repository/repository.ts';
import type { CollectContext } from '../contract.ts';

/** Everything that is known about a repository before its contents are read. */
export interface History {
  readonly context: CollectContext;
  readonly repository: Repository;
  readonly source: ObjectSource;
  readonly attribution: Attribution;
  /** False if the walk failed. What it did not reach may be reachable all the same. */
  readonly walkComplete: boolean;
  readonly head: HeadTree;
  /** Why a shallow clone could not be completed. Empty if it could, or if nobody wanted it. */
  readonly problem: string;
}

/** The commit that is checked out: a path for each blob number, and the submodules. */
export interface HeadTree {
  readonly paths: ReadonlyMap<number, string>;
  /** Further paths of blobs that have another path in `paths`. */
  readonly further: readonly string[];
  readonly submodules: readonly string[];
  /** Why the tree is not known completely. Absent if it is. */
  readonly cut?: string;
}
