import { createTimeLimit, type TimeLimit } from '../lib/time-limit.ts';

/** Longest time for one look at one line, ms. A line is at most some hundred bytes long. */
const LIMIT = 200;

/** A pattern that the user, or the repository that is scanned, wrote. It can be wrong, but it cannot hang the run. */
export interface BoundedPattern {
  /** False also where the pattern took too long: what cannot be accepted in time stays open. */
  test(text: string): boolean;
  /** True after it took too long once; it is not tried again. */
  readonly isSlow: boolean;
}

/** Compiles a pattern. Throws `SyntaxError`. */
export function compileBounded(source: string): BoundedPattern {
  const pattern = new RegExp(source);
  if (!mayBacktrack(source)) return { test: (text) => pattern.test(text), isSlow: false };
  let limit: TimeLimit | undefined;
  let isSlow = false;
  return {
    get isSlow() {
      return isSlow;
    },
    test(text) {
      if (isSlow) return false;
      limit ??= createTimeLimit();
      const found = limit.run(() => pattern.test(text), LIMIT);
      isSlow = found === undefined;
      return found === true;
    },
  };
}

/** Repeated groups, references back, or more than two open-ended repeats: only those can take longer than a blink. */
function mayBacktrack(source: string): boolean {
  if (/\)[*+{]|\\[1-9k]/.test(source)) return true;
  return (source.match(/[*+]|\{\d+,\d*\}/g) ?? []).length > 2;
}
