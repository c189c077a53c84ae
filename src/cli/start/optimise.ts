import type { Progress } from '../../engine/plan/contract.ts';

/**
 * How much the heap may grow before V8 collects all of it, percent of what lived then. Left to itself V8 waits for up
 * to four times as much, so that a large report costs more memory in garbage than in itself. Proven with V8 11 alone.
 */
const GROWTH = 80;

/** When a function is compiled with all optimisations. */
interface Patience {
  readonly flag: string;
  /** What V8 itself takes. */
  readonly usual: number;
  /** What we take. */
  readonly later: number;
  /** The same for a run that will hardly take a second. */
  readonly laterIfShort: number;
}

/**
 * By the version of V8. Node 20 counts bytes of bytecode that ran; Node 22 and 24 count calls and loops, and 24 has a
 * second compiler. What we take was measured (bench/notes/start-up.md). Any other V8 is left alone, because it
 * complains on standard error about flags that it does not know.
 */
const PATIENCE: Readonly<Record<string, readonly Patience[]>> = {
  11: [{ flag: 'interrupt-budget', usual: 66 * 1024, later: 4 * 66 * 1024, laterIfShort: 8 * 66 * 1024 }],
  12: [{ flag: 'invocation-count-for-turbofan', usual: 3_000, later: 24_000, laterIfShort: 24_000 }],
  13: [
    // V8's list of flags says 3,000. It takes 10,000 where its second compiler is on.
    { flag: 'invocation-count-for-turbofan', usual: 10_000, later: 24_000, laterIfShort: 24_000 },
    { flag: 'invocation-count-for-maglev', usual: 400, later: 1_600, laterIfShort: 1_600 },
  ],
};

/** Flags that spare memory, by the version of V8. */
const MEMORY: Readonly<Record<string, readonly string[]>> = { 11: [`--heap-growing-percent=${GROWTH}`] };

/** From so many bytes on, the compiler costs a staged scan more than loading `node:v8` does. */
const MUCH = 24 * 1024;

/**
 * Makes V8 wait longer before it compiles a function with all optimisations. That compiler took a quarter of the CPU
 * time of a scan of a small tree, mostly for functions that were hardly called again. A long scan loses nothing: what
 * it runs all the time is compiled a few milliseconds later. Kept code only fits a run with the same flags, so this
 * must happen before it is loaded.
 *
 * Loads `node:v8` here, because a commit that waits needs none of this. `isShort`: the run will hardly take a second.
 */
export function optimiseLater(isShort: boolean): void {
  setFlags(chooseFlags(isShort));
}

/** The flags of V8 that `optimiseLater` sets in this Node. Tests run with them as well: they repeat little, too. */
export function chooseFlags(isShort: boolean): readonly string[] {
  const later = patienceHere().map(({ flag, later, laterIfShort }) => `--${flag}=${isShort ? laterIfShort : later}`);
  return [...later, ...(MEMORY[versionOfV8()] ?? [])];
}

/** What a command for which a commit waits does while it scans. */
export interface ScanWatch {
  readonly onProgress: (progress: Progress) => void;
  /** Does something with the flags with which the process began: kept code fits these. */
  readonly asBefore: <T>(work: () => T) => T;
  /** Ends it. Returns whether V8 has the flags with which the process began, so that code can be kept for it. */
  readonly end: () => boolean;
}

/** As `optimiseLater`, for a commit: only where it adds much, because loading `node:v8` takes 3 ms. */
export function optimiseLaterWhereMuch(): ScanWatch {
  let tagBefore: number | undefined;
  const setUsual = (): void => setFlags(patienceHere().map(({ flag, usual }) => `--${flag}=${usual}`));
  const setLater = (): void => setFlags(patienceHere().map(({ flag, laterIfShort }) => `--${flag}=${laterIfShort}`));
  return {
    onProgress({ bytes, coming = 0 }) {
      if (tagBefore !== undefined || bytes + coming < MUCH) return;
      tagBefore = tagOfFlags();
      setLater();
    },
    asBefore(work) {
      if (tagBefore === undefined) return work();
      setUsual();
      try {
        return work();
      } finally {
        setLater();
      }
    },
    end() {
      if (tagBefore === undefined) return true;
      setUsual();
      // Differs where the user gave Node other values.
      return tagOfFlags() === tagBefore;
    },
  };
}

/** Changes with each flag that kept code depends on. */
function tagOfFlags(): number {
  return process.getBuiltinModule('node:v8').cachedDataVersionTag();
}

function setFlags(flags: readonly string[]): void {
  for (const flag of flags) process.getBuiltinModule('node:v8').setFlagsFromString(flag);
}

function patienceHere(): readonly Patience[] {
  return PATIENCE[versionOfV8()] ?? [];
}

function versionOfV8(): string {
  return String(Number.parseInt(process.versions.v8, 10));
}
