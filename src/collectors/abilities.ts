import type { Address } from '../model/address.ts';
import type { Artifact, Origin } from '../model/artifact.ts';
import type { Gap } from '../model/gap.ts';
import type { Json } from '../model/json.ts';
import type { Location } from '../model/location.ts';
import type { CollectedItem } from './collected.ts';

/**
 * What a source collector may be able to do beyond `collect`. Most collectors have none of these: skip this file until
 * one is needed. `Context`: the collect context.
 */
export interface Abilities<Context> {
  /** Incremental runs: where the state is kept unless the user names a file. */
  stateFile?(context: Context, address: Address): Promise<string | undefined>;
  /** Histories: every commit and path that brought one of some blobs. */
  occurrences?(context: Context, address: Address, blobs: ReadonlySet<string>): Promise<Occurrences>;
  /** Shared work: makes a reader of what `SharedWork.share` of another thread returned. */
  openShared?(context: Context, shared: unknown): WorkReader | Promise<WorkReader>;
  /** `doctor`: tries each endpoint and says which permission is missing. */
  probe?(context: Context, address: Address): Promise<readonly ProbeResult[]>;
}

/** The part of a collect context that only collectors with abilities look at. */
export interface AbilityContext {
  /**
   * Returns memory to read one artifact into, so that detection need not copy it; undefined where there is none. Always
   * the same memory: it is free again when the next artifact is asked for.
   */
  readonly room?: () => Uint8Array | undefined;
  /** A clock that never goes back, ms. Tells a slow disk from a fast one. Absent: not told. */
  readonly clock?: () => number;
  /** To be called where a run that could be short turns out to be long: more is to be read than a second takes. */
  readonly onLong?: () => void;
  /** Present: the run is incremental. Collectors with `stateFile` then return a checkpoint. */
  readonly earlier?: Earlier;
  /**
   * Whether declarations are read in files at this path, so that one that is there now is brought even where it is not
   * new.
   */
  readonly declares?: (path: string) => boolean;
}

/**
 * How far a collector has read, for a later run that reads only what is new. Given where `CollectContext.earlier` asks
 * for it.
 */
export interface Checkpoint {
  readonly kind: 'checkpoint';
  /** What the next run passes to the collector as `Earlier.checkpoint`. Holds no secret. */
  readonly checkpoint: Json;
  /** In words what of the target is new since the earlier run; absent: everything was read. */
  readonly news?: string;
  /** Why everything was read although there was a checkpoint, in a sentence. */
  readonly full?: string;
  /** Objects (`objectOf`) that were read only because of `Earlier.places`. */
  readonly again?: ReadonlySet<string>;
  /** Ids of objects that were read because they are new, or lie elsewhere now. */
  readonly fresh?: ReadonlySet<string>;
  /** Ids of the objects that are there now (`Location.present`). */
  readonly present?: ReadonlySet<string>;
}

/** What an earlier run knew of a target. */
export interface Earlier {
  /** When that was: ISO 8601. */
  readonly date?: string;
  /** What the collector wrote then; absent: it is to read everything and to write a checkpoint. */
  readonly checkpoint?: Json;
  /** Where matches were found. The objects are to be read again, so that a report is about everything. */
  readonly places: readonly Location[];
  /**
   * Further places with the same secrets. They need not be read again, but must still exist and be reached as they
   * were.
   */
  readonly copies: readonly Location[];
  /** Objects that were missing and are to be tried again. */
  readonly missing: readonly MissingObject[];
}

/** An object that a collector could not read, with a path for it. */
export interface MissingObject {
  readonly blob: string;
  readonly path: string;
  readonly commit?: string;
}

/**
 * A file that declares something and is not among the artifacts of a target, because it is not new; or why it could not
 * be read. `side`: whether it is there after the changes that the target is about, before them, or on both sides.
 */
export type SurroundingItem = { readonly side: 'before' | 'after' | 'both' } & (
  | { readonly artifact: Artifact }
  | { readonly gap: Gap }
);

/**
 * Of a target that is about changes: the declarations around them, read lazily, only where something was found that
 * they could say more about. With them a run knows owners that did not change, and tells what the changes add from what
 * was there before.
 */
export interface Surroundings {
  readonly kind: 'surroundings';
  /** Reads the files that `declares` accepts by their path. */
  read(declares: (path: string) => boolean): AsyncIterable<SurroundingItem>;
}

/**
 * What a part of shared work returns. A note is plain data for `SharedWork.note`, from whatever thread to the first
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

/** Occurrences by object. `left`: how many more there are. `gaps`: where they were not looked for. */
export interface Occurrences {
  readonly of: ReadonlyMap<string, readonly Occurrence[]>;
  readonly left: number;
  readonly gaps: readonly Gap[];
}

/** Reads parts of shared work, each once or again, in any order. */
export interface WorkReader {
  /** The items of a part: the same in every thread, whatever was read before. */
  read(part: number): Iterable<PartItem> | AsyncIterable<PartItem>;
  /** Frees files. */
  close(): void | Promise<void>;
}

/**
 * Things to read in numbered parts, by one thread or several. What the parts return is taken in the order of their
 * numbers, so the result does not depend on the number of threads. The members below are for the thread of the
 * collector only.
 */
export interface SharedWork extends WorkReader {
  readonly parts: number;
  /** Asked once a part, in order, before what it gave is taken. False: it is left out. */
  accepts?(part: number): boolean;
  /** Takes a note; notes come in the order of parts, before items of later parts are completed. */
  note?(note: unknown): void;
  /** Adds what the reader of a part could not know of an origin. */
  complete?<O extends Origin>(origin: O): O;
  /** Plain data and shared memory, from which `openShared` of the same collector makes a reader in another thread. */
  share(): unknown;
}

/** What became of trying one endpoint. */
export interface ProbeResult {
  readonly reads: string;
  readonly state: 'ok' | 'denied' | 'failed';
  readonly message: string;
}
