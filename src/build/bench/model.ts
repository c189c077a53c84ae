/** The kinds of work that are compared. */
export const WORKS = ['history', 'tree', 'staged', 'incremental', 'start'] as const;

export type Work = (typeof WORKS)[number];

/** Sizes of an input. `bytes` is what a scan must look at: unique blobs of a history, files of a tree. */
export interface InputFacts {
  readonly bytes?: number;
  readonly files?: number;
  readonly commits?: number;
  readonly objects?: number;
  /** Bytes of the packs on disk. */
  readonly packBytes?: number;
}

/** One kind of work on one input. */
export interface Job {
  readonly work: Work;
  /** Name for tables; empty for `start`. */
  readonly input: string;
  /** Folder that is scanned; for `staged` a repository with a work tree. */
  readonly target: string;
  readonly facts: InputFacts;
  /** `staged`: a folder with a copy of the staged files only, for scanners that know no index. */
  readonly copies?: string;
  /** The target is a repository without a work tree. */
  readonly bare?: boolean;
  /** `incremental`: the commit that was the tip before. */
  readonly since?: string;
  /** `incremental`: a copy of the repository as it was before the new commits came. */
  readonly earlier?: string;
}

/** Where one run may write. */
export interface Place {
  /** What the scanner's `remember` wrote, a fresh copy for each run. */
  readonly state: string;
  /** File for the findings. Standard output goes there where a command names no file of its own. */
  readonly report: string;
  /** Empty folder, made for this run. */
  readonly scratch: string;
  readonly cores: number;
}

export interface Command {
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A second, unmeasured command that writes findings to standard output, for scanners that keep them in a store. */
  readonly list?: readonly string[];
}

/** `distinct`: different pairs of rule and secret, where a report can tell. */
export interface Findings {
  readonly findings: number;
  readonly distinct?: number;
}

/** How one scanner is asked for each kind of work. Live verification and updates are off in every command. */
export interface Peer {
  readonly name: string;
  /** File name on PATH. */
  readonly executable: string;
  readonly version: readonly string[];
  /** What it cannot do is absent; `missing` says why. */
  readonly commands: Readonly<Partial<Record<Work, (job: Job, place: Place) => Command>>>;
  readonly missing: Readonly<Partial<Record<Work, string>>>;
  /** `incremental`: an unmeasured scan of `job.earlier` that leaves a state at `place.state` for the measured ones. */
  readonly remember?: (job: Job, place: Place) => Command;
  /** Exit codes of a whole scan, with or without findings. */
  readonly succeeds: readonly number[];
  /** Asks for its rules, where it can list them. */
  readonly rules?: { readonly args: readonly string[]; readonly count: (output: string) => number | undefined };
  /** Counts a report. Values of secrets are compared in memory and never kept. */
  readonly count: (report: string) => Findings;
}

export interface InstalledPeer {
  readonly peer: Peer;
  readonly file: string;
  /** Arguments before every command: the script, for scanners that are started through an interpreter. */
  readonly prefix: readonly string[];
  readonly version: string;
  readonly rules?: number;
}

/** Times are in milliseconds, memory in bytes. CPU and memory are absent where the system cannot tell. */
export interface Sample {
  readonly wall: number;
  readonly cpu?: number;
  readonly peak?: number;
}

export type Outcome =
  | { readonly state: 'measured'; readonly samples: readonly Sample[]; readonly counts?: Findings }
  /** `gaveUpAfter`: ms that a run took until it was ended unfinished. */
  | { readonly state: 'failed' | 'cannot'; readonly reason: string; readonly gaveUpAfter?: number };

/** A row of the scoreboard. `command` has placeholders for paths of this run. */
export interface Row {
  readonly peer: string;
  readonly command: string;
  readonly outcome: Outcome;
}

export interface Section {
  /** Day of the run, the commit that was checked out, and how often each scanner was to run. */
  readonly date: string;
  readonly commit: string;
  readonly rounds: number;
  readonly work: Work;
  readonly input: string;
  readonly facts: InputFacts;
  readonly rows: readonly Row[];
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memory: number;
  readonly system: string;
  readonly node: string;
}

/** One rule's work on one input: absolute numbers of the whole input. */
export interface RuleCost {
  readonly rule: string;
  readonly hits: number;
  readonly calls: number;
  /** Microseconds in its pattern. */
  readonly time: number;
}

export interface RuleCosts {
  readonly input: string;
  readonly bytes: number;
  /** Hits of literals, each counted once however many rules share it. */
  readonly hits: number;
  readonly rules: readonly RuleCost[];
}

/** What the detector costs with few rules and with many, on the same texts. */
export interface Growth {
  readonly input: string;
  readonly steps: readonly GrowthStep[];
}

/** A catalogue, and the same catalogue with made-up rules of providers added. CPU in ms. */
export interface GrowthStep {
  readonly of: string;
  readonly small: { readonly rules: number; readonly cpu: number };
  readonly large: { readonly rules: number; readonly cpu: number };
}

/** What the fast way told otherwise than the slow way, on one history. */
export interface Equality {
  readonly input: string;
  /** `reference`: every pattern over every text. `full`: the fast engine over whole texts that git gives. */
  readonly against: 'reference' | 'full';
  readonly lost: number;
  readonly gained: number;
  readonly changed: number;
}

/** Checks beside the comparison with peers. */
export const CHECKS = ['rules', 'equality', 'growth'] as const;

export type CheckName = (typeof CHECKS)[number];

export interface CheckResults {
  readonly ruleCosts?: readonly RuleCosts[];
  readonly equality?: readonly Equality[];
  readonly growth?: Growth;
}

export interface Target {
  readonly work: string;
  readonly target: string;
  readonly measured: string;
  readonly met: 'yes' | 'no' | 'not measured';
}

export interface PeerFacts {
  readonly name: string;
  readonly version: string;
  readonly rules?: number;
}

/** What `bench/scoreboard.json` holds. */
export interface Scoreboard extends CheckResults {
  readonly schemaVersion: 2;
  readonly machine: Machine;
  readonly peers: readonly PeerFacts[];
  readonly absent: readonly string[];
  readonly sections: readonly Section[];
  readonly targets: readonly Target[];
}

export const BOWERBIRD = 'bowerbird';
export const BARE_NODE = 'node -e 0';
