/**
 * A pattern as a program for matchers that take time in proportion to program times text, whatever the two hold.
 * Threads of the program go on side by side; nothing is tried twice at the same place.
 */
export interface Program {
  readonly codes: readonly Instruction[];
  /** Names of the groups; group `i` is saved in the slots `2 * i` and `2 * i + 1`. */
  readonly groups: readonly string[];
  /** True: looks at the characters beside a place (`\b`, `\B`). */
  readonly hasWords: boolean;
  /**
   * True: repeats a part that can be empty. V8 gives up turns that took nothing, threads do not notice: whether such a
   * pattern matches is the same, but not always where it ends.
   */
  readonly hasEmptyTurns: boolean;
}

/** `split` prefers `next`. `clear` forgets the slots `[from, to)`. */
export type Instruction =
  | { readonly op: 'set'; readonly set: CharacterSet }
  | { readonly op: 'split'; next: number; other: number }
  | { readonly op: 'jump'; next: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'clear'; readonly from: number; readonly to: number }
  | { readonly op: 'edge'; readonly edge: Edge }
  | { readonly op: 'match' };

/** Conditions on a place: the text's start or end, a word's border, no word's border. */
export type Edge = 'start' | 'end' | 'word' | 'no-word';

/** Which UTF-16 code units a part of a pattern takes. */
export interface CharacterSet {
  has(unit: number): boolean;
}

/** A part of a pattern before it becomes instructions. */
export type Part =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'sequence'; readonly parts: readonly Part[] }
  | { readonly kind: 'choice'; readonly options: readonly Part[] }
  | { readonly kind: 'repeat'; readonly part: Part; readonly min: number; readonly max: number; readonly lazy: boolean }
  | { readonly kind: 'group'; readonly name: string; readonly part: Part }
  | { readonly kind: 'edge'; readonly edge: Edge };

/** Longest program; repetitions are written out. */
const MOST = 20_000;

/** Makes the program of a pattern. Undefined where it would be too long. */
export function compileParts(part: Part): Program | undefined {
  const writer = new Writer();
  if (!writer.add(part) || !writer.emit({ op: 'match' })) return undefined;
  return { codes: writer.codes, groups: writer.groups, hasWords: writer.hasWords, hasEmptyTurns: hasEmptyTurns(part) };
}

class Writer {
  readonly codes: Instruction[] = [];
  readonly groups: string[] = [];
  hasWords = false;

  /** False where there is no more room. */
  emit(code: Instruction): boolean {
    return this.codes.push(code) <= MOST;
  }

  add(part: Part): boolean {
    switch (part.kind) {
      case 'set':
        return this.emit({ op: 'set', set: part.set });
      case 'sequence':
        return part.parts.every((inner) => this.add(inner));
      case 'choice':
        return this.#addChoice(part.options);
      case 'group':
        return this.#addGroup(part.name, part.part);
      case 'edge':
        this.hasWords ||= part.edge === 'word' || part.edge === 'no-word';
        return this.emit({ op: 'edge', edge: part.edge });
      default:
        return this.#addRepeat(part);
    }
  }

  #addChoice(options: readonly Part[]): boolean {
    const jumps: (Instruction & { op: 'jump' })[] = [];
    for (const [index, option] of options.entries()) {
      const isLast = index === options.length - 1;
      const split: Instruction & { op: 'split' } = { op: 'split', next: this.codes.length + 1, other: 0 };
      const jump: Instruction & { op: 'jump' } = { op: 'jump', next: 0 };
      if (!isLast && !this.emit(split)) return false;
      if (!this.add(option)) return false;
      if (!isLast && !this.emit(jump)) return false;
      jumps.push(jump);
      split.other = this.codes.length;
    }
    for (const jump of jumps) jump.next = this.codes.length;
    return true;
  }

  /** A repeated group has one pair of slots, however often it is written out. */
  #addGroup(name: string, part: Part): boolean {
    const slot = 2 * this.#numberOf(name);
    return this.emit({ op: 'save', slot }) && this.add(part) && this.emit({ op: 'save', slot: slot + 1 });
  }

  #numberOf(name: string): number {
    const number = this.groups.indexOf(name);
    return number >= 0 ? number : this.groups.push(name) - 1;
  }

  #addRepeat(repeat: Part & { readonly kind: 'repeat' }): boolean {
    const { part, min, max, lazy } = repeat;
    for (let copy = 0; copy < min; copy++) if (!this.#addTurn(part)) return false;
    if (max === Number.POSITIVE_INFINITY) return this.#addLoop(part, lazy);
    const splits: (Instruction & { op: 'split' })[] = [];
    for (let copy = min; copy < max; copy++) {
      const split = this.#addSplit();
      if (split === undefined || !this.#addTurn(part)) return false;
      splits.push(split);
    }
    for (const split of splits) this.#aim(split, this.codes.length, lazy);
    return true;
  }

  #addLoop(part: Part, lazy: boolean): boolean {
    const start = this.codes.length;
    const split = this.#addSplit();
    if (split === undefined || !this.#addTurn(part) || !this.emit({ op: 'jump', next: start })) return false;
    this.#aim(split, this.codes.length, lazy);
    return true;
  }

  #addSplit(): (Instruction & { op: 'split' }) | undefined {
    const split: Instruction & { op: 'split' } = { op: 'split', next: this.codes.length + 1, other: 0 };
    return this.emit(split) ? split : undefined;
  }

  #aim(split: Instruction & { op: 'split' }, end: number, lazy: boolean): void {
    const inside = split.next;
    split.next = lazy ? end : inside;
    split.other = lazy ? inside : end;
  }

  /** One turn of a repetition: JavaScript forgets what the groups in it held before. */
  #addTurn(part: Part): boolean {
    const names = groupsIn(part).map((name) => this.#numberOf(name));
    for (const number of names) {
      if (!this.emit({ op: 'clear', from: 2 * number, to: 2 * number + 2 })) return false;
    }
    return this.add(part);
  }
}

function groupsIn(part: Part): readonly string[] {
  switch (part.kind) {
    case 'sequence':
      return part.parts.flatMap(groupsIn);
    case 'choice':
      return part.options.flatMap(groupsIn);
    case 'repeat':
      return groupsIn(part.part);
    case 'group':
      return [part.name, ...groupsIn(part.part)];
    default:
      return [];
  }
}

function hasEmptyTurns(part: Part): boolean {
  switch (part.kind) {
    case 'sequence':
      return part.parts.some(hasEmptyTurns);
    case 'choice':
      return part.options.some(hasEmptyTurns);
    case 'group':
      return hasEmptyTurns(part.part);
    case 'repeat':
      return (part.max > part.min && canBeEmpty(part.part)) || hasEmptyTurns(part.part);
    default:
      return false;
  }
}

function canBeEmpty(part: Part): boolean {
  switch (part.kind) {
    case 'sequence':
      return part.parts.every(canBeEmpty);
    case 'choice':
      return part.options.some(canBeEmpty);
    case 'group':
      return canBeEmpty(part.part);
    case 'repeat':
      return part.min === 0 || canBeEmpty(part.part);
    default:
      return part.kind === 'edge';
  }
}
