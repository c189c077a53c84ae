import type { ByteSet } from '../../src/detect/analyse/byte-set.ts';
import { lengthOf } from '../../src/detect/analyse/measure.ts';
import type { Tree } from '../../src/detect/analyse/tree.ts';

/** One instruction of a pattern, as a backtracking matcher runs it. */
type Step =
  /** `min` to `max` bytes of a set, as many as there are first. */
  | { readonly kind: 'run'; readonly set: ByteSet; readonly min: number; readonly max: number }
  /** Goes on at the first place, and at each next one if that fails. */
  | { readonly kind: 'fork'; readonly to: number[] }
  | { readonly kind: 'jump'; to: number }
  | { readonly kind: 'enter'; readonly counter: number }
  | {
      readonly kind: 'again';
      readonly counter: number;
      readonly body: number;
      readonly min: number;
      readonly max: number;
    }
  | {
      readonly kind: 'look';
      readonly behind: boolean;
      readonly negate: boolean;
      readonly program: Program;
      readonly most: number;
    }
  | { readonly kind: 'match' };

/** A pattern ready to be counted. */
export interface Program {
  readonly steps: readonly Step[];
  readonly counters: number;
}

/** Compiles the tree of a pattern. Line ends and word edges always hold, so that nothing stops early. */
export function compileTree(tree: Tree): Program {
  const compiler = new Compiler();
  compiler.add(tree);
  compiler.steps.push({ kind: 'match' });
  return { steps: compiler.steps, counters: compiler.counters };
}

class Compiler {
  readonly steps: Step[] = [];
  counters = 0;

  add(tree: Tree): void {
    switch (tree.kind) {
      case 'set':
        this.steps.push({ kind: 'run', set: tree.set, min: 1, max: 1 });
        return;
      case 'sequence':
        for (const part of tree.parts) this.add(part);
        return;
      case 'group':
        this.add(tree.part);
        return;
      case 'choice':
        this.#addChoice(tree.options);
        return;
      case 'repeat':
        this.#addRepeat(tree.part, tree.min, tree.max);
        return;
      case 'look':
        this.#addLook(tree);
    }
  }

  #addChoice(options: readonly Tree[]): void {
    const fork: Step = { kind: 'fork', to: [] };
    this.steps.push(fork);
    const ends: (Step & { kind: 'jump' })[] = [];
    for (const option of options) {
      fork.to.push(this.steps.length);
      this.add(option);
      const end = { kind: 'jump' as const, to: 0 };
      ends.push(end);
      this.steps.push(end);
    }
    for (const end of ends) end.to = this.steps.length;
  }

  #addRepeat(part: Tree, min: number, max: number): void {
    if (part.kind === 'set') {
      this.steps.push({ kind: 'run', set: part.set, min, max });
      return;
    }
    const counter = this.counters++;
    const end: Step = { kind: 'jump', to: 0 };
    this.steps.push({ kind: 'enter', counter }, end);
    const body = this.steps.length;
    this.add(part);
    end.to = this.steps.length;
    this.steps.push({ kind: 'again', counter, body, min, max });
  }

  #addLook({ behind, negate, part }: Tree & { readonly kind: 'look' }): void {
    this.steps.push({ kind: 'look', behind, negate, program: compileTree(part), most: lengthOf(part).max });
  }
}

/** How often `again` has run: the count, and where the last round began (a round that takes nothing ends the loop). */
interface Round {
  readonly count: number;
  readonly at: number;
}

interface Choice {
  readonly step: number;
  readonly at: number;
  readonly rounds: readonly Round[];
}

/** Counts the steps of a backtracking matcher; stops at a limit. */
export class StepCounter {
  steps = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get exceeded(): boolean {
    return this.steps > this.#limit;
  }

  /** True when the pattern matches at a place; `end` is where the match must end, if that matters. */
  matches(program: Program, text: Uint8Array, start: number, end = -1): boolean {
    const rounds = Array.from({ length: program.counters }, (): Round => ({ count: -1, at: -1 }));
    const stack: Choice[] = [{ step: 0, at: start, rounds }];
    for (let choice = stack.pop(); choice !== undefined && !this.exceeded; choice = stack.pop()) {
      if (this.#follow(program, text, choice, stack, end)) return true;
    }
    return false;
  }

  /** Goes on from a choice until it fails or the pattern ends; other choices go onto the stack. */
  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one case for each kind of step, as an interpreter has
  #follow({ steps }: Program, text: Uint8Array, from: Choice, stack: Choice[], end: number): boolean {
    let { step, at, rounds } = from;
    for (;;) {
      this.steps += 1;
      const one = steps[step] as Step;
      step += 1;
      if (one.kind === 'match') return end < 0 || at === end;
      if (one.kind === 'jump') step = one.to;
      else if (one.kind === 'enter') rounds = rounds.with(one.counter, { count: -1, at: -1 });
      else if (one.kind === 'run') {
        const reached = this.#run(one, text, at);
        if (reached - at < one.min) return false;
        for (let other = at + one.min; other < reached; other++) stack.push({ step, at: other, rounds });
        at = reached;
      } else if (one.kind === 'fork') {
        for (const to of one.to.slice(1).reverse()) stack.push({ step: to, at, rounds });
        step = one.to[0] as number;
      } else if (one.kind === 'look') {
        if (this.#holds(one, text, at) === one.negate) return false;
      } else {
        const round = rounds[one.counter] as Round;
        const count = round.count + 1;
        rounds = rounds.with(one.counter, { count, at });
        const stuck = round.at === at && count > one.min;
        if (count < one.min || (count < one.max && !stuck)) {
          if (count >= one.min) stack.push({ step, at, rounds });
          step = one.body;
        }
      }
      if (this.exceeded) return false;
    }
  }

  #run({ set, max }: Step & { kind: 'run' }, text: Uint8Array, at: number): number {
    const last = Math.min(text.length, at + max);
    let reached = at;
    while (reached < last && set[text[reached] as number] === 1) reached += 1;
    this.steps += reached - at;
    return reached;
  }

  #holds(look: Step & { kind: 'look' }, text: Uint8Array, at: number): boolean {
    if (!look.behind) return this.matches(look.program, text, at);
    for (let start = at; start >= Math.max(0, at - look.most); start--) {
      if (this.matches(look.program, text, start, at)) return true;
    }
    return false;
  }
}
