import type { Address } from '../model/address.ts';
import type { Artifact, Origin } from '../model/artifact.ts';
import type { Gap } from '../model/gap.ts';
import type { Json } from '../model/json.ts';
import type { Location } from '../model/location.ts';
import type { CollectedItem } from './collected.ts';

/**
 * What a source collector may be able to do beside `collect`. Most collectors do none of this: skip this file until you
 * need it. `Context`: the collect context.
 */
export interface Abilities<Context> {
  /** For incremental runs: the file that holds the state, unless the user names one. */
  stateFile?(context: Context, address: Address): Promise<string | undefined>;
  /** For histories: every commit and path that brought one of some blobs. */
  occurrences?(context: Context, address: Address, blobs: ReadonlySet<string>): Promise<Occurrences>;
  /** For shared work: makes a reader of what `SharedWork.share` returned in another thread. */
  openShared?(context: Context, shared: unknown): WorkReader | Promise<WorkReader>;
  /** For `doctor`: tries each endpoint and says which permission is missing. */
  probe?(context: Context, address: Address): Promise<readonly ProbeResult[]>;
}

/** The part of a collect context that only these abilities use. */
export interface AbilityContext {
  /**
   * Returns memory into which one artifact can be read, so that detection need not copy it. Undefined where there is
   * none. It is always the same memory: the next artifact overwrites it.
   */
  readonly room?: () => Uint8Array | undefined;
  /** A clock that never goes back, in ms. It tells a slow disk from a fast one. Absent: not measured. */
  readonly clock?: () => number;
  /** Present in an incremental run. Collectors with `stateFile` then return a checkpoint. */
  readonly earlier?: Earlier;
  /** True if some collector reads declarations in files at this path. Such a file is brought even if it is not new. */
  readonly declares?: (path: string) => boolean;
}

/**
 * How far a collector has read, so that a later run reads only what is new. Returned if `CollectContext.earlier` is
 * there.
 */
export interface Checkpoint {
  readonly kind: 'checkpoint';
  /** The next run gets this as `Earlier.checkpoint`. Holds no secret. */
  readonly checkpoint: Json;
  /** What of the target is new since the earlier run, in words. Absent: everything was read. */
  readonly news?: string;
  /** One sentence that says why everything was read although there was a checkpoint. */
  readonly full?: string;
  /** Objects (`objectOf`) that were read only because of `Earlier.places`. */
  readonly again?: ReadonlySet<string>;
  /** Ids of objects that were read because they are new, or are at another place now. */
  readonly fresh?: ReadonlySet<string>;
  /** Ids of the objects that the current tree holds (`Location.present`). */
  readonly present?: ReadonlySet<string>;
}

/** What an earlier run knew about a target. */
export interface Earlier {
  /** When the earlier run was: ISO 8601. */
  readonly date?: string;
  /** What the collector wrote then. Absent: the collector reads everything and writes a checkpoint. */
  readonly checkpoint?: Json;
  /** Where matches were found. These objects are read again, so that the report is about everything. */
  readonly places: readonly Location[];
  /**
   * Further places of the same secrets. They need not be read again, but must still exist and be reached in the same
   * way.
   */
  readonly copies: readonly Location[];
  /** Objects that were missing then. They are tried again. */
  readonly missing: readonly MissingObject[];
}

/** An object that a collector could not read, with a path of it. */
export interface MissingObject {
  readonly blob: string;
  readonly path: string;
  readonly commit?: string;
}

/**
 * A declaring file that is not among the artifacts of a target because it did not change, or the reason why it could
 * not be read. `side`: whether the file exists after the changes, before them, or on both sides.
 */
export type SurroundingItem = { readonly side: 'before' | 'after' | 'both' } & (
  | { readonly artifact: Artifact }
  | { readonly gap: Gap }
);

/**
 * The declarations around the changes of a target. They are read lazily, only if something was found about which they
 * could say more. With them a run knows owners that did not change, and can tell what the changes add from what was
 * there before.
 */
export interface Surroundings {
  readonly kind: 'surroundings';
  /** Reads the files whose path `declares` accepts. */
  read(declares: (path: string) => boolean): AsyncIterable<SurroundingItem>;
}

/**
 * An item of a part of shared work. A note is plain data for `SharedWork.note`: any thread can send it to the first
 * one.
 */
export type PartItem = CollectedItem | { readonly kind: 'note'; readonly note: unknown };

/** A commit that brought an object, and where it put it. */
export interface Occurrence {
  readonly commit: string;
  readonly path: string;
  readonly author?: string;
  /** ISO 8601, UTC. */
  readonly date?: string;
}

/** Occurrences by object. `left`: how many more there are. `gaps`: where they could not be searched. */
export interface Occurrences {
  readonly of: ReadonlyMap<string, readonly Occurrence[]>;
  readonly left: number;
  readonly gaps: readonly Gap[];
}

/** Reads parts of shared work, in any order, each of them once or several times. */
export interface WorkReader {
  /** Returns the items of a part. They are the same in every thread, whatever was read before. */
  read(part: number): Iterable<PartItem> | AsyncIterable<PartItem>;
  /** Closes files. */
  close(): void | Promise<void>;
}

/**
 * Things to read in numbered parts, by one thread or by several. Results are used in the order of the parts, so they do
 * not depend on the number of threads. Only the thread of the collector may use the members below.
 */
export interface SharedWork extends WorkReader {
  readonly parts: number;
  /** False: no part brings an artifact, so that other threads need no rules. */
  readonly artifacts?: false;
  /** Called once for each part, in order, before its items are used. If it returns false, the part is left out. */
  accepts?(part: number): boolean;
  /** Takes a note. Notes come in the order of the parts, before items of later parts are completed. */
  note?(note: unknown): void;
  /** Adds what the reader of a part could not know about an origin. */
  complete?<O extends Origin>(origin: O): O;
  /**
   * Returns plain data and shared memory. `openShared` of the same collector makes a reader of it in another thread.
   */
  share(): unknown;
}

/** What happened when one endpoint was tried. */
export interface ProbeResult {
  readonly reads: string;
  readonly state: 'ok' | 'denied' | 'failed';
  readonly message: string;
}
