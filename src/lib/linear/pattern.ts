import { createTimeLimit, type TimeLimit } from '../patterns/time-limit.ts';
import { parseRegex } from './parse-regex.ts';
import { compileParts } from './program.ts';
import { Tester } from './tester.ts';

/** Longest time for one look at one text, ms, of a pattern that no linear matcher takes. */
const LIMIT = 200;

/**
 * Most groups, alternatives and repetitions of such a pattern. V8 compiles one at its second use, or for a long text,
 * in time that grows with the fifth power of them, and nothing can stop it: `^\1(a|)(a|)...` takes 1 s with 120 of
 * them and two minutes with 310.
 */
const MOST_CHOICES = 100;
const CHOICE = /[(|?*+{]/g;

/** A pattern that the user, or the repository that is scanned, wrote. It can be wrong, but it cannot hang the run. */
export interface BoundedPattern {
  /** Whether it matches somewhere in the text. False also where it took too long. */
  test(text: string): boolean;
  /** True after it took too long once; it is not tried again. */
  readonly isSlow: boolean;
}

/**
 * Compiles a regular expression of JavaScript without flags. It runs in linear time; with references back or
 * lookarounds, which cannot, it runs under a watchdog, and one with too many choices is slow from the start. Throws
 * `SyntaxError`.
 */
export function compileBounded(source: string): BoundedPattern {
  const part = parseRegex(source, false);
  const program = part && compileParts(part);
  if (program === undefined) return isTooMuch(source) ? NEVER : new WatchedPattern(source);
  const tester = new Tester(program);
  return { test: (text) => tester.test(text), isSlow: false };
}

/** Stands for a pattern that cannot even be compiled in time. */
const NEVER: BoundedPattern = { test: () => false, isSlow: true };

function isTooMuch(source: string): boolean {
  return (source.match(CHOICE)?.length ?? 0) > MOST_CHOICES;
}

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
