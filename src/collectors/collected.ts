import type { Artifact, ByteRange } from '../model/artifact.ts';
import type { Coverage, Gap, Skip } from '../model/gap.ts';
import type { Identity, PendingEdge } from '../model/identity.ts';
import type { Location } from '../model/location.ts';

/**
 * A place of `Earlier.places`, in the same object, with the bytes of its lines: from the start of the first line to the
 * end of the last.
 */
export interface AgainPlace {
  readonly at: Location;
  readonly lines: ByteRange;
}

/** What every collector brings. */
export type CollectedItem =
  | {
      readonly kind: 'artifact';
      readonly scope: string;
      readonly artifact: Artifact;
      /**
       * Present if the artifact was read only because of these places of `Earlier.places`. They include all that was
       * found in it.
       */
      readonly again?: readonly AgainPlace[];
    }
  | { readonly kind: 'identity'; readonly identity: Identity }
  | { readonly kind: 'edge'; readonly edge: PendingEdge }
  | { readonly kind: 'gap'; readonly scope: string; readonly gap: Gap }
  | { readonly kind: 'skip'; readonly scope: string; readonly skip: Skip }
  /**
   * Adds to the plan of a scope. `facts` are merged into the line of the ledger. `bytes`: how much will be read, where
   * that is known.
   */
  | {
      readonly kind: 'plan';
      readonly scope: string;
      readonly unit: string;
      readonly count: number;
      readonly bytes?: number;
      readonly facts?: Coverage['facts'];
    }
  /** Counts planned things that were read and gave no artifact (answers of an API). */
  | { readonly kind: 'done'; readonly scope: string; readonly count: number; readonly bytes: number };
