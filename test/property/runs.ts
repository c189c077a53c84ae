import fc from 'fast-check';
import { expect } from 'vitest';

/** What `runs` multiplies by: a sixteenth in `npm test`, more where a lane or a person asks for it with PROPERTY_RUNS. */
const SHARE = Number(process.env['PROPERTY_RUNS'] ?? 0.0625);

/** True in the fuzz lane, and where a person asks for as much. */
export const IN_LANE: boolean = SHARE >= 1;

/** What all inputs are made from. The fuzz lane draws and prints one; the same one makes the same inputs again. */
const SEED = process.env['PROPERTY_SEED'];
if (SEED !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(SEED) });

/** Most tries of what is bounded by time, where a run shall be the same on every machine. */
const MOST = Number(process.env['PROPERTY_MOST'] ?? Number.POSITIVE_INFINITY);

/** A property of the fuzz lane is tried no longer than this, milliseconds. */
const LANE_MS = 10_000;
/** How much more often the lane tries than `npm test`. */
const LANE_SHARE = 64;

/**
 * How much of something is tried: a sixteenth of `usual` in `npm test`, four times `usual` in the fuzz lane. The lane finds the
 * tests that use this file by themselves, through the import.
 */
export function runs(usual: number): number {
  return Math.max(1, Math.round(usual * SHARE));
}

type Plugin = ReturnType<typeof fc.interruptAfterTimeLimit>;

/** What `fc.assert` takes. */
export interface Tries {
  readonly numRuns: number;
  readonly plugins?: Plugin[];
}

/**
 * How often a property is tried, for `fc.assert`: as `runs` says. In the fuzz lane it ends after ten seconds, or later
 * where it was not tried as often as in `npm test` by then.
 */
export function tries(usual: number): Tries {
  const numRuns = runs(usual);
  return IN_LANE ? { numRuns, plugins: [endInTime(LANE_MS, numRuns / LANE_SHARE)] } : { numRuns };
}

/** How often a property is tried that is bounded by another time. */
export interface Bounds {
  /** Tries in `npm test`. */
  readonly few: number;
  /** Tries in the fuzz lane, where there is time for them. */
  readonly many: number;
  /** Tries that the lane must make, however slow the machine is. */
  readonly least: number;
  /** The lane stops to try after these milliseconds. */
  readonly ms: number;
}

/** The same with bounds of one's own. The test needs a timeout with room for the try that is under way at the end. */
export function triesWithin({ few, many, least, ms }: Bounds): Tries {
  const numRuns = Math.min(many, MOST);
  return IN_LANE ? { numRuns, plugins: [endInTime(ms, Math.min(least, numRuns))] } : { numRuns: few };
}

/**
 * Ends a property before the next try once time is up and it was tried often enough, also while a failure is made smaller:
 * a machine that is too slow for that meets the timeout of the test. (What fast-check has leaves the try that is under way
 * running, and does not ask how many there were.)
 */
function endInTime(ms: number, least: number): Plugin {
  return () => {
    const started = performance.now();
    let tried = 0;
    return {
      decorateRun: (run) => (value) => {
        if (performance.now() - started > ms && tried >= least) return new fc.PreconditionFailure(true);
        tried += 1;
        return run(value);
      },
      onAllRunsComplete: ({ failed }) => {
        if (!failed) expect(tried, `tries within ${ms} ms`).toBeGreaterThanOrEqual(least);
      },
    };
  };
}
