import type { ByteRange } from '../../model/artifact.ts';
import type { CompiledRule } from '../../model/rule.ts';
import type { Candidate } from '../contract.ts';
import type { ByteMatcher } from './byte-matcher.ts';
import type { Finder } from './finder.ts';
import type { Gates } from './gates.ts';
import type { PackedRule } from './pack.ts';

const SECRET_ONLY: readonly string[] = ['secret'];

/** What rules with a program share. */
export interface ProgramParts {
  readonly matcher: ByteMatcher;
  readonly gates: Gates;
  readonly sets: Uint8Array;
}

/** Matches by the program of a rule, on the bytes of the text. */
export class ProgramFinder implements Finder {
  readonly #rule: CompiledRule;
  readonly #packed: PackedRule;
  readonly #program: number;
  readonly #parts: ProgramParts;
  readonly #bytes: Uint8Array;
  #start = -1;
  #end = -1;

  constructor(rule: CompiledRule, packed: PackedRule, program: number, parts: ProgramParts, bytes: Uint8Array) {
    this.#rule = rule;
    this.#packed = packed;
    this.#program = program;
    this.#parts = parts;
    this.#bytes = bytes;
  }

  find(first: number, last: number): number {
    const bytes = this.#bytes;
    const { gates, sets } = this.#parts;
    const { gate, begins = 0 } = this.#packed;
    const end = Math.min(last, bytes.length - 1);
    for (let place = first; place <= end; place++) {
      if (sets[(begins << 8) + (bytes[place] as number)] === 0 || !gates.lets(gate, bytes, place)) continue;
      if (this.#matches(place)) return place;
    }
    return -1;
  }

  #matches(place: number): boolean {
    this.#start = place;
    this.#end = this.#parts.matcher.match(this.#program, this.#bytes, place);
    return this.#end >= 0;
  }

  read(place: number): Candidate {
    if (this.#start !== place) this.#matches(place);
    const match = { start: place, end: this.#end };
    const groups = Object.entries(this.#readGroups());
    const secret = groups.find(([name]) => name === 'secret')?.[1] ?? match;
    return {
      rule: this.#rule,
      match,
      secret,
      groups: Object.fromEntries(groups.filter(([name]) => name !== 'secret')),
    };
  }

  #readGroups(): Record<string, ByteRange> {
    const { slots } = this.#parts.matcher;
    const spans: Record<string, ByteRange> = {};
    for (const [index, name] of (this.#packed.groups ?? SECRET_ONLY).entries()) {
      const end = slots[2 * index + 1] as number;
      if (end >= 0) spans[name] = { start: slots[2 * index] as number, end };
    }
    return spans;
  }
}
