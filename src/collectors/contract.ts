import type { Address } from '../model/address.ts';
import type { Artifact, Origin } from '../model/artifact.ts';
import type { Abilities, AbilityContext, Checkpoint, SharedWork, Surroundings } from './abilities.ts';
import type { CollectedItem } from './collected.ts';

/**
 * What a collector yields, in the order it finds it. Everything planned ends as an artifact, a skip or a gap: `plan`
 * says how many were planned in a scope, so that the ledger can prove that nothing vanished.
 */
export type Collected =
  | CollectedItem
  /**
   * Things to read in numbered parts. The pipeline reads them here, or lets other threads help, before it asks for the
   * next item.
   */
  | { readonly kind: 'work'; readonly work: SharedWork }
  /** Shared work over so many stored bytes follows: threads can be started while it is prepared. */
  | { readonly kind: 'ahead'; readonly bytes: number }
  | Names
  | Checkpoint
  | Surroundings;

/**
 * Short texts that are no artifact of their own: names of files and people, headers of commits. They are looked at
 * together, and counted nowhere: what they belong to is.
 */
export interface Names {
  readonly kind: 'names';
  readonly scope: string;
  readonly texts: readonly string[];
  /** Where a text comes from. Asked for few. */
  originOf(index: number): Origin;
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
export interface CollectContext extends AbilityContext {
  readonly now: Date;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly limits: Limits;
  readonly network?: Network;
  readonly stdin?: AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal;
  /** Resolves after `ms`; tests replace it. */
  sleep(ms: number): Promise<void>;
  /** Options of this collector, as given by flags or config: documented by each collector. */
  readonly options: Readonly<Record<string, string | boolean | number | readonly string[] | undefined>>;
}

/**
 * One endpoint or file a collector reads, the least permission for it, and what is lost without it. Shown by `doctor`.
 */
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
export interface SourceCollector extends CollectorBase, Abilities<CollectContext> {
  readonly reads: 'address';
  /** The part before the colon in a target. */
  readonly scheme: string;
  readonly network: boolean;
  /** Hosts it may ask, with `:port` where it is not 443; given the environment, because an installation has its own. */
  hosts?(env: CollectContext['env']): readonly string[];
  /**
   * Reads a recorded dump as well: `collect` is then called with an address of scheme `dump` whose value is the folder.
   */
  readonly readsDumps?: true;
  collect(context: CollectContext, address: Address): AsyncIterable<Collected>;
}

/**
 * Reads declarations out of files that a source collector brought: workflows, manifests, infrastructure code. All
 * accepted files of one repository come in one call, so that references across files can be resolved. Never throws on
 * bad input: a file that cannot be parsed becomes a gap.
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
