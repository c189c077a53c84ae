/** One statement of a specialist: this check is true of this place (a resource, a file, a principal) of this input. */
export interface Pair {
  readonly input: string;
  readonly check: string;
  readonly place: string;
}

/** A part of the comparison with a number of its own. */
export interface Scope {
  readonly title: string;
  /** Pairs that a full set of inputs gives at least. With fewer an input or a check is missing: exit 1. */
  readonly least: number;
}

/** A check of the specialist that does not count, and why. */
export interface LeftOut {
  readonly check: string;
  readonly reason: string;
}

/** What a specialist may use. */
export interface Surroundings {
  /** Folder with its inputs. */
  readonly folder: string;
  /** File of its command; empty where it has none. */
  readonly executable: string;
  /** A private folder that is removed at the end. */
  readonly scratch: string;
  /** Runs a command; returns what it wrote to standard output, whatever its exit code. */
  readonly ask: (file: string, args: readonly string[]) => Promise<string>;
  /** Scans a target with the built Bowerbird, with further flags. */
  readonly scan: (target: string, flags?: readonly string[]) => Promise<BowerbirdReport>;
}

/** What of Bowerbird's report is compared. */
export interface BowerbirdReport {
  readonly findings: readonly BowerbirdFinding[];
  /** Gaps, as text. */
  readonly gaps: readonly string[];
}

export interface BowerbirdFinding {
  readonly ruleId: string;
  readonly message: string;
  readonly identityId: string;
  readonly paths: readonly string[];
  /** First lines of the places, in the order of `paths`. */
  readonly lines: readonly number[];
}

/** What the specialist says in one scope, and what of it Bowerbird says, too. */
export interface Comparison {
  readonly scope: Scope;
  readonly expected: readonly Pair[];
  /** Those of `expected` that Bowerbird reports. */
  readonly found: readonly Pair[];
  /** Places that the specialist holds for good, and where Bowerbird reports one of the compared families. */
  readonly flagged?: readonly Pair[];
  /** How many places the specialist holds for good. */
  readonly good?: number;
}

/** A tool that knows one kind of identity well. One file each, listed in `table.ts`. */
export interface Specialist {
  /** Name, and name of the flag that takes its folder. */
  readonly name: string;
  readonly version: string;
  /** Its command, looked for in `--bin` and on PATH. Absent: its expectations are files of the folder. */
  readonly executable?: string;
  /** How to get it, and what the folder must hold. */
  readonly setup: string;
  /** Checks that count. Each with the rules of Bowerbird that say the same. */
  readonly checks: Readonly<Record<string, readonly string[]>>;
  readonly leftOut: readonly LeftOut[];
  /**
   * Why a statement of the specialist is wrong, also that a place is good. Such a pair counts in no figure, and `least`
   * is met without it.
   */
  readonly disprove?: (pair: Pair) => string | undefined;
  /** Why a difference is right as it is; undefined for one that has to be closed. */
  readonly explain: (pair: Pair) => string | undefined;
  readonly compare: (surroundings: Surroundings) => Promise<readonly Comparison[]>;
}
