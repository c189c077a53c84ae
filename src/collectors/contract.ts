import type { Network } from '../clients/shared/context.ts';
import type { Address } from '../model/address.ts';
import type { Artifact, Origin } from '../model/artifact.ts';
import type { Abilities, AbilityContext, Checkpoint, SharedWork, Surroundings } from './abilities.ts';
import type { CollectedItem } from './collected.ts';

export type { Network };

/**
 * What a collector yields, in the order in which it finds things. Everything planned ends as an artifact, a skip or a
 * gap. `plan` says how many things were planned in a scope, so that the ledger can prove that nothing was lost.
 */
export type Collected =
  | CollectedItem
  /**
   * Things to read in numbered parts. Before the next item is requested, the pipeline reads them here or lets other
   * threads help.
   */
  | { readonly kind: 'work'; readonly work: SharedWork }
  /**
   * Shared work of about this many stored bytes, or that takes as long, follows, so that threads can be started while
   * it is prepared. `artifacts` as in `SharedWork`.
   */
  | { readonly kind: 'ahead'; readonly bytes: number; readonly artifacts?: false }
  | Names
  | Checkpoint
  | Surroundings;

/**
 * Short texts that are no artifacts: names of files and people, headers of commits. They are examined together. They
 * are not counted, because the things to which they belong are.
 */
export interface Names {
  readonly kind: 'names';
  readonly scope: string;
  readonly texts: readonly string[];
  /** Returns where a text comes from. Called for few texts. */
  originOf(index: number): Origin;
}

/** Limits for hostile input, in bytes, milliseconds and counts. */
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

/** Everything that a collector may know about the world. Nothing else in it reads clock, environment or network. */
export interface CollectContext extends AbilityContext {
  readonly now: Date;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly limits: Limits;
  /** Absent: the run is offline. */
  readonly network?: Network;
  readonly stdin?: AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal;
  /** Resolves after `ms`; tests replace it. */
  sleep(ms: number): Promise<void>;
  /** Options of this collector, from flags or the configuration. Each collector documents its own. */
  readonly options: Readonly<Record<string, string | boolean | number | readonly string[] | undefined>>;
}

/**
 * An endpoint or file that a collector reads, the least permission for it, and what is lost without it. `doctor` shows
 * it.
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
  /**
   * Hosts that it may contact, with `:port` unless it is 443. Depends on the environment, because an installation has
   * its own host.
   */
  hosts?(env: CollectContext['env']): readonly string[];
  /**
   * True if it can also read a recorded dump. `collect` then gets an address with the scheme `dump` and the folder as
   * value.
   */
  readonly readsDumps?: true;
  collect(context: CollectContext, address: Address): AsyncIterable<Collected>;
}

/** What a declaration collector yields. The engine plans the files: those without a gap or skip count as read. */
export type DeclaredItem = Extract<Collected, { readonly kind: 'identity' | 'edge' | 'gap' | 'skip' }>;

/**
 * Reads declarations in files that a source collector brought: workflows, manifests, infrastructure code. One call gets
 * all accepted files of a repository, so that references between files can be resolved. Never throws on bad input: a
 * file that cannot be parsed becomes a gap.
 */
export interface DeclarationCollector extends CollectorBase {
  readonly reads: 'artifact';
  /**
   * Texts in lower case. A path that holds none of them, whatever its case, is not accepted, and `accepts` is not
   * asked: compiling a pattern costs a commit more than all else that is asked of its few paths.
   */
  readonly marks: readonly string[];
  /** A cheap test of the path (with forward slashes), before any byte is read. */
  accepts(path: string): boolean;
  /**
   * A second cheap test, of the bytes and the path, for paths that say little (any `.yaml`). Of a file of hundreds of
   * megabytes it looks at the start (`shared/sniff.ts`). Optional.
   */
  sniff?(bytes: Uint8Array, path?: string): boolean;
  /**
   * A shorter text that says the same to `collect`, which is kept instead of a copy of a large file. Undefined: keep
   * all of it. Never throws. Optional.
   */
  condense?(bytes: Uint8Array): Uint8Array | undefined;
  collect(context: CollectContext, files: readonly Artifact[]): Iterable<DeclaredItem> | AsyncIterable<DeclaredItem>;
}

export type Collector = SourceCollector | DeclarationCollector;

/** Gives a collector its type, and lets it be asked only about paths with a mark. */
export function defineCollector<C extends Collector>(collector: C): C {
  if (collector.reads !== 'artifact') return collector;
  const { marks, accepts } = collector;
  const acceptsMarked = (path: string): boolean => {
    const lower = path.toLowerCase();
    return marks.some((mark) => lower.includes(mark)) && accepts(path);
  };
  return Object.assign({}, collector, { accepts: acceptsMarked });
}
