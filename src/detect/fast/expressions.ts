import { parseRegex } from '../../lib/linear/parse-regex.ts';
import { compileParts, type Part, type Program } from '../../lib/linear/program.ts';
import { type Re2, renderRe2 } from '../../lib/linear/re2.ts';
import { Searcher } from '../../lib/linear/searcher.ts';
import type { CompiledRule } from '../../model/rule.ts';

/** What a runner needs of a regular expression. `RegExp`, the class of re2 and the one below have it. */
export interface Expression {
  lastIndex: number;
  test(text: string): boolean;
  exec(text: string): ExpressionMatch | null;
}

/** A match with the flag `d`: spans of the whole and of its groups. */
export interface ExpressionMatch {
  readonly index: number;
  readonly indices?: {
    readonly [index: number]: readonly [number, number] | undefined;
    readonly groups?: Readonly<Record<string, readonly [number, number] | undefined>> | undefined;
  };
}

/** Makes the expression of a rule with some of the flags `g`, `y` and `d`. */
export type ExpressionMaker = (flags: string) => Expression;

/** By V8: fast, and exponential for some patterns. */
export function expressionsOfV8(rule: CompiledRule): ExpressionMaker {
  return (flags) => new RegExp(rule.pattern, rule.ignoreCase ? `${flags}i` : flags) as Expression;
}

/** In linear time by our own matcher. Undefined where the pattern cannot be matched so. */
export function linearExpressions(rule: CompiledRule): ExpressionMaker | undefined {
  const compiled = compileLinear(rule);
  if (compiled === undefined) return undefined;
  const searcher = new Searcher(compiled.program);
  return (flags) => new LinearExpression(searcher, flags.includes('y'));
}

/**
 * In linear time by re2. Undefined where the pattern cannot be matched so, or re2 refuses it (repeats of more than
 * 1,000).
 */
export function expressionsOfRe2(rule: CompiledRule, re2: Re2): ExpressionMaker | undefined {
  const compiled = compileLinear(rule);
  const source = compiled && renderRe2(compiled.part);
  if (source === undefined) return undefined;
  try {
    new re2(source, '');
  } catch {
    return undefined;
  }
  return (flags) => new re2(source, flags) as Expression;
}

function compileLinear(rule: CompiledRule): { readonly part: Part; readonly program: Program } | undefined {
  const part = parseRegex(rule.pattern, rule.ignoreCase);
  const program = part && compileParts(part);
  return part === undefined || program === undefined || program.hasEmptyTurns ? undefined : { part, program };
}

class LinearExpression implements Expression {
  lastIndex = 0;
  readonly #searcher: Searcher;
  readonly #isSticky: boolean;

  constructor(searcher: Searcher, isSticky: boolean) {
    this.#searcher = searcher;
    this.#isSticky = isSticky;
  }

  test(text: string): boolean {
    return this.exec(text) !== null;
  }

  exec(text: string): ExpressionMatch | null {
    const first = this.lastIndex;
    const span = this.#searcher.find(text, first, this.#isSticky ? first : text.length);
    this.lastIndex = span?.end ?? 0;
    if (span === undefined) return null;
    return { index: span.start, indices: { 0: [span.start, span.end], groups: span.groups } };
  }
}
