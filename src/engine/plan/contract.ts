import type { CollectContext, Limits, Network, SourceCollector } from '../../collectors/contract.ts';
import type { Config } from '../../config/config.ts';
import type { PolicyFiles } from '../../config/policy-files.ts';
import type { DecodeBudget } from '../../decoders/contract.ts';
import type { ArrangedDecoders } from '../../decoders/shared/arrange.ts';
import type { Confirmer } from '../../detect/confirm.ts';
import type { Detector } from '../../detect/contract.ts';
import type { Address } from '../../model/address.ts';
import type { AllowEntry } from '../../model/allowlist.ts';
import type { Exposure } from '../../model/artifact.ts';
import type { Confidence, Severity } from '../../model/match.ts';
import type { RuleCatalogue } from '../../model/rule.ts';

/** What to scan and how: the same for every front. Absent means the configuration's value, else its default. */
export interface ScanOptions {
  /** Targets as a user writes them: `.`, `-`, `git:.`, `<collector>:<target>`, `dump:./folder`. */
  readonly targets: readonly string[];
  /**
   * Folder whose configuration, ignore file, baseline and user rules apply; default: the top of the targets'
   * repository.
   */
  readonly root?: string;
  /** Configuration file, relative to the working directory. */
  readonly config?: string;
  /** True: no configuration file, no ignore file, no user rules. */
  readonly noConfig?: boolean;
  /** Commit whose policy files apply instead of the working tree's: a pull request cannot silence its own finding. */
  readonly policyRef?: string;
  readonly pack?: string;
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  /** Further folders with rule files, relative to the working directory. */
  readonly rules?: readonly string[];
  readonly exclude?: readonly string[];
  /** Baseline in our form, or detect-secrets' or gitleaks', relative to the working directory. */
  readonly baseline?: string;
  readonly failOn?: Exclude<Severity, 'none'>;
  readonly allowGaps?: number;
  readonly requireCoverage?: boolean;
  readonly exposure?: Exposure;
  readonly verify?: boolean;
  readonly engine?: 'fast' | 'reference';
  /** Threads that scan, 1 for no further ones; default: as many as the machine has and the work is worth. */
  readonly threads?: number;
  /** Of histories read only what is new since an earlier complete run, whose state lies in the repository. */
  readonly incremental?: boolean;
  /** The same, with the state in this file, relative to the working directory. */
  readonly state?: string;
  /**
   * Places of what is found in a history: where its bytes were first seen (`found`), or every commit and path that
   * brought a file with it (`all`: every version is scanned whole).
   */
  readonly occurrences?: 'found' | 'all';
  /** Ignore the configured file size limit, bytes. */
  readonly maxFileBytes?: number;
  /** Options of collectors, by collector id: `{ git: { reader: 'cat-file' } }`. */
  readonly collectors?: Readonly<Record<string, Readonly<Record<string, string | boolean | number>>>>;
}

/** Everything a scan may know of the world. Only fronts make one. */
export interface ScanContext {
  readonly now: () => Date;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absent: offline. Collectors that need it then report a gap. */
  readonly network?: Network;
  readonly stdin?: AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Folder of the running file, where the compiled catalogue lies beside a bundle. */
  readonly home: string;
  readonly version: string;
  /** A clock that never goes back, ms. */
  readonly clock?: () => number;
  sleep(ms: number): Promise<void>;
}

/**
 * What a long run reports while it goes. `listing`: what a target holds is not known yet. `reading`: artifacts are
 * examined. `joining`: findings are made of what was found. `verifying`: providers are asked.
 */
export interface Progress {
  readonly phase: 'listing' | 'reading' | 'joining' | 'verifying';
  /** Empty where it is about all targets. */
  readonly target: string;
  readonly planned: number;
  readonly scanned: number;
  readonly bytes: number;
  /** Bytes that are read next, where a collector knows. */
  readonly coming?: number;
  readonly matches: number;
}

/** A target, ready to collect. */
export interface Target {
  readonly collector: SourceCollector;
  readonly address: Address;
}

/** The policy of a run: configuration and everything that accepts findings. */
export interface Policy {
  readonly config: Config;
  readonly entries: readonly AllowEntry[];
  readonly fingerprintKey: string;
  readonly files: PolicyFiles;
  readonly notes: readonly string[];
}

/** The rules of a run, and what came with them. */
export interface LoadedRules {
  readonly catalogue: RuleCatalogue;
  /** Ids of the rules that ship with the product, whether they are selected or not. */
  readonly shipped: ReadonlySet<string>;
  /** Allow entries of foreign rule files. */
  readonly entries: readonly AllowEntry[];
  readonly notes: readonly string[];
  /** Confidence that the pack asks of each match; absent: any. */
  readonly confidence?: readonly Confidence[];
}

/** What detection is made of. The same in every thread of a run. */
export interface StageSetup {
  readonly engine: 'fast' | 'reference';
  readonly catalogue: RuleCatalogue;
  /** Folder of the bundle. */
  readonly home: string;
  readonly now: Date;
  readonly limits: Limits;
  /** Folder for analysed rules of the user; absent: they are not kept. */
  readonly ruleCache?: string;
  /** Of Bowerbird. */
  readonly version: string;
}

/** Decoding, matching and checks of one thread. */
export interface DetectStage {
  readonly detector: Detector;
  readonly decoders: ArrangedDecoders;
  readonly confirm: Confirmer;
  readonly decodeDepth: number;
  readonly budget: () => DecodeBudget;
}

/** Everything that is decided before the first byte is read. Gathering and judging change nothing in it. */
export interface Plan {
  readonly options: ScanOptions;
  readonly context: ScanContext;
  readonly started: Date;
  /** Folder whose policy applies, and that the paths of a report begin at. */
  readonly root: string;
  readonly policy: Policy;
  readonly targets: readonly Target[];
  readonly rules: LoadedRules;
  readonly setup: StageSetup;
  readonly stage: DetectStage;
  /** Thresholds of posture rules, joins and scores, by name. */
  readonly thresholds: Readonly<Record<string, number>>;
  readonly contextOf: (target: Target) => CollectContext;
}
