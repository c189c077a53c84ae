import { compilesForMinutes } from '../patterns/slow-compile.ts';
import { createTimeLimit, type TimeLimit } from '../patterns/time-limit.ts';
import { parseRegex } from './parse-regex.ts';
import { compileParts } from './program.ts';
import { Tester } from './tester.ts';

/** Longest time for one look at one text, ms, of a pattern that no linear matcher takes. */
const LIMIT = 200;

/** A pattern that the user, or the repository that is scanned, wrote. It can be wrong, but it cannot hang the run. */
export interface BoundedPattern {
  /** Whether it matches somewhere in the text. False also where it took too long. */
  test(text: string): boolean;
  /** True after it took too long once; it is not tried again. */
  readonly isSlow: boolean;
}

/**
 * Compiles a regular expression of JavaScript without flags. It runs in linear time; with references back or
 * lookarounds, which cannot, it runs under a watchdog, and one that V8 might compile for minutes is slow from the
 * start. Throws `SyntaxError`.
 */
export function compileBounded(source: string): BoundedPattern {
  const part = parseRegex(source, false);
  const program = part && compileParts(part);
  if (program === undefined) return compilesForMinutes(source) ? NEVER : new WatchedPattern(source);
  const tester = new Tester(program);
  return { test: (text) => tester.test(text), isSlow: false };
}

/** Stands for a pattern that cannot even be compiled in time. */
const NEVER: BoundedPattern = { test: () => false, isSlow: true };

class WatchedPattern implements BoundedPattern {
  readonly #pattern: RegExp;
  #limit: TimeLimit | undefined;
  #isSlow = false;

  constructor(source: string) {
    this.#pattern = new RegExp(source);
  }

  get isSlow(): boolean {
    return this.#isSlow;
  }

  test(text: string): boolean {
    if (this.#isSlow) return false;
    this.#limit ??= createTimeLimit();
    const answer = this.#limit.run(() => this.#pattern.test(text), LIMIT);
    this.#isSlow = answer === undefined;
    return answer === true;
  }
}
