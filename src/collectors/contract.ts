import type { Address } from '../model/address.ts';
import type { Artifact, ByteRange, Origin } from '../model/artifact.ts';
import type { Coverage, Gap, Skip } from '../model/gap.ts';
import type { Identity, PendingEdge } from '../model/identity.ts';
import type { Json } from '../model/json.ts';
import type { Location } from '../model/location.ts';

/**
 * What a collector gives, in the order it finds it. Everything planned ends as an artifact, a skip or a gap: `plan` says
 * how many were planned in a scope, so that the ledger can prove that nothing vanished.
 */
export type Collected =
  | CollectedItem
  /** Things to read in numbered parts. The pipeline reads them here, or lets other threads help, before it asks for the next item. */
  | { readonly kind: 'work'; readonly work: SharedWork }
  /** Shared work over so many stored bytes follows: threads can be started while it is prepared. */
  | { readonly kind: 'ahead'; readonly bytes: number }
  | Checkpoint;

/** How far a collector has read, for a later run that reads only what is new. Given where `CollectContext.earlier` asks for it. */
export interface Checkpoint {
  readonly kind: 'checkpoint';
  /** What the collector wants to be given back as `Earlier.checkpoint`. Holds no secret. */
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

/** A place of `Earlier.places` (the same object), and the bytes of its lines, from the start of the first to the end of the last. */
export interface AgainPlace {
  readonly at: Location;
  readonly lines: ByteRange;
}

/** What an earlier run knew of a target. */
export interface Earlier {
  /** When that was: ISO 8601. */
  readonly date?: string;
  /** What the collector gave then; absent: it is to read everything and to give a checkpoint. */
  readonly checkpoint?: Json;
  /** Where matches were found. The objects are to be read again, so that a report is about everything. */
  readonly places: readonly Location[];
  /** Further places with the same secrets. They need not be read again, but must still exist and be reached as they were. */
  readonly copies: readonly Location[];
}

/** What a part of shared work gives. A note is plain data for `SharedWork.note`, from whatever thread to the first one. */
export type PartItem = CollectedItem | { readonly kind: 'note'; readonly note: unknown };

export type CollectedItem =
  | {
      readonly kind: 'artifact';
      readonly scope: string;
      readonly artifact: Artifact;
      /** Given only because of these places of `Earlier.places`, and all that was found in it is among them. */
      readonly again?: readonly AgainPlace[];
    }
  | { readonly kind: 'identity'; readonly identity: Identity }
  | { readonly kind: 'edge'; readonly edge: PendingEdge }
  | { readonly kind: 'gap'; readonly scope: string; readonly gap: Gap }
  | { readonly kind: 'skip'; readonly scope: string; readonly skip: Skip }
  /** Adds to the plan of a scope; `facts` are merged into the ledger line. */
  | {
      readonly kind: 'plan';
      readonly scope: string;
      readonly unit: string;
      readonly count: number;
      readonly facts?: Coverage['facts'];
    }
  /** Counts planned things that were read without giving an artifact (API answers). */
  | { readonly kind: 'done'; readonly scope: string; readonly count: number; readonly bytes: number };

/** A commit that brought an object, and where it put it. */
export interface Occurrence {
  readonly commit: string;
  readonly path: string;
  readonly author?: string;
  /** ISO 8601, UTC. */
  readonly date?: string;
}

/** Occurrences by object. `left`: how many more there are. */
export interface Occurrences {
  readonly of: ReadonlyMap<string, readonly Occurrence[]>;
  readonly left: number;
}

/** Reads parts of shared work, each once or again, in any order. */
export interface WorkReader {
  /** The items of a part: the same in every thread, whatever was read before. */
  read(part: number): Iterable<PartItem> | AsyncIterable<PartItem>;
  /** Frees files. */
  close(): void | Promise<void>;
}

/**
 * Things to read in numbered parts, by one thread or several. What the parts give is taken in the order of their numbers, so
 * the result does not depend on the number of threads. The members below are for the thread of the collector only.
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

/** Bounds for hostile input. Bytes, milliseconds, counts. */
export interface Limits {
  readonly fileBytes: number;
  readonly decodedBytes: number;
  readonly decodeDepth: number;
  readonly decodeRatio: number;
  readonly archiveEntries: number;
  readonly declarationFiles: number;
  readonly requestTimeout: number;
  readonly pages: number;
}

/** The only way out of the process. Absent in the context: the run is offline. */
export interface Network {
  fetch(url: string, init?: RequestInit): Promise<Response>;
}

/** Everything a collector may know of the world: nothing else in it reads clock, environment or network. */
export interface CollectContext {
  readonly now: Date;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly limits: Limits;
  readonly network?: Network;
  readonly stdin?: AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal;
  /**
   * Gives memory to read one artifact into, so that detection need not copy it; undefined where there is none. Always the same
   * memory: it is free again when the next artifact is asked for.
   */
  readonly room?: () => Uint8Array | undefined;
  /** A clock that never goes back, ms. Tells a slow disk from a fast one. Absent: not told. */
  readonly clock?: () => number;
  /** Present: the run is incremental. Collectors with `stateFile` then give a checkpoint. */
  readonly earlier?: Earlier;
  /** Whether declarations are read in files at this path, so that one that is there now must be given even where it is not new. */
  readonly declares?: (path: string) => boolean;
  /** Resolves after `ms`; tests replace it. */
  sleep(ms: number): Promise<void>;
  /** Options of this collector, as given by flags or config: documented by each collector. */
  readonly options: Readonly<Record<string, string | boolean | number | readonly string[] | undefined>>;
}

/** One endpoint or file a collector reads, the least permission for it, and what is lost without it. Shown by `doctor`. */
export interface Permission {
  readonly reads: string;
  readonly needs: string;
  readonly without: string;
}

interface CollectorBase {
  /** Kebab-case, the file's name. */
  readonly id: string;
  readonly title: string;
  readonly permissions: readonly Permission[];
}

/** Reads a target that the user named: a folder, a history, an organisation. */
export interface SourceCollector extends CollectorBase {
  readonly reads: 'address';
  /** The part before the colon in a target. */
  readonly scheme: string;
  readonly network: boolean;
  /** Hosts it may ask, with `:port` where it is not 443; given the environment, because an installation has its own. */
  hosts?(env: CollectContext['env']): readonly string[];
  /** Reads a recorded dump as well: `collect` is then called with an address of scheme `dump` whose value is the folder. */
  readonly readsDumps?: true;
  collect(context: CollectContext, address: Address): AsyncIterable<Collected>;
  /** Where the state of incremental runs is kept unless the user names a file. Only collectors that can read what is new. */
  stateFile?(context: CollectContext, address: Address): Promise<string | undefined>;
  /** Every commit and path that brought one of some blobs. Only collectors of histories. */
  occurrences?(context: CollectContext, address: Address, blobs: ReadonlySet<string>): Promise<Occurrences>;
  /** Makes a reader of what `SharedWork.share` of another thread gave. Only collectors that give work. */
  openShared?(context: CollectContext, shared: unknown): WorkReader | Promise<WorkReader>;
  /** Tries each endpoint and says which permission is missing. Only collectors with permissions that can be lacking. */
  probe?(context: CollectContext, address: Address): Promise<readonly ProbeResult[]>;
}

export interface ProbeResult {
  readonly reads: string;
  readonly state: 'ok' | 'denied' | 'failed';
  readonly message: string;
}

/**
 * Reads declarations out of files that a source collector brought: workflows, manifests, infrastructure code. All accepted
 * files of one repository come in one call, so that references across files can be resolved. Never throws on bad input: a
 * file that cannot be parsed becomes a gap.
 */
export interface DeclarationCollector extends CollectorBase {
  readonly reads: 'artifact';
  /** Cheap test on the path (forward slashes) before any byte is read. */
  accepts(path: string): boolean;
  /** Optional second, cheap look at the bytes, for paths that say little (any `.yaml`). */
  sniff?(bytes: Uint8Array): boolean;
  collect(context: CollectContext, files: readonly Artifact[]): Iterable<Collected> | AsyncIterable<Collected>;
}

export type Collector = SourceCollector | DeclarationCollector;

/** Gives a collector its type. */
export function defineCollector<C extends Collector>(collector: C): C {
  return collector;
}
