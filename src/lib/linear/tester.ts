import { holdsEdge } from './edges.ts';
import type { CharacterSet, Program } from './program.ts';

/** States of the automaton that are remembered before it starts anew. */
const MOST_STATES = 1000;
const ASCII = 128;
const UNKNOWN = -1;
/** Kinds of characters told apart; a program that tells more apart is followed without memory. */
const MOST_KINDS = 64;

/** One state: the places of the program that wait for a character, and where each kind of character leads. */
interface State {
  readonly number: number;
  /** Which memory it is in: a full one is thrown away. */
  readonly memory: number;
  readonly places: readonly number[];
  readonly matches: boolean;
  /** True when it matches if the text ends here; made when it is asked. */
  matchesAtEnd: boolean | undefined;
  readonly next: Int32Array;
}

/**
 * Says whether a program matches somewhere in a text. The places that threads can be at are followed all at once, and
 * each such set is remembered as a state of an automaton: mostly one look-up a character, at worst the length of the
 * program.
 */
export class Tester {
  readonly #program: Program;
  readonly #sets: readonly CharacterSet[];
  readonly #kinds = new Map<string, number>();
  readonly #ascii = new Int16Array(ASCII).fill(UNKNOWN);
  readonly #others = new Map<number, number>();
  readonly #marks: Uint32Array;
  #turn = 0;
  #memory = 0;
  #start: State | undefined;
  #states: State[] = [];
  #byPlaces = new Map<string, number>();

  constructor(program: Program) {
    this.#program = program;
    this.#sets = [...new Set(program.codes.flatMap((code) => (code.op === 'set' ? [code.set] : [])))];
    this.#marks = new Uint32Array(program.codes.length);
  }

  test(text: string): boolean {
    if (this.#program.hasWords || this.#kinds.size > MOST_KINDS) return this.#follow(text);
    if (this.#start?.memory !== this.#memory) this.#start = this.#stateOf([0], true);
    let state = this.#start as State;
    for (let at = 0; at < text.length; at++) {
      if (state.matches) return true;
      const kind = this.#kindOf(text.charCodeAt(at));
      if (kind >= MOST_KINDS) return this.#follow(text);
      const next = state.next[kind] as number;
      state = next === UNKNOWN ? this.#step(state, kind, text.charCodeAt(at)) : (this.#states[next] as State);
    }
    state.matchesAtEnd ??= state.matches || this.#endsWell(state, text);
    return state.matchesAtEnd;
  }

  /** Without memory: for programs that look at both sides of a place. */
  #follow(text: string): boolean {
    let places: readonly number[] = [];
    for (let at = 0; at <= text.length; at++) {
      places = this.#close([...places, 0], text, at);
      if (places.some((place) => this.#program.codes[place]?.op === 'match')) return true;
      if (at < text.length) places = this.#advance(places, text.charCodeAt(at));
    }
    return false;
  }

  #step(state: State, kind: number, unit: number): State {
    const places = this.#advance(state.places, unit);
    const next = this.#stateOf([...places, 0], false);
    // Where the memory was thrown away meanwhile, numbers in the old one mean nothing any more.
    if (state.memory === next.memory) state.next[kind] = next.number;
    return next;
  }

  #advance(places: readonly number[], unit: number): number[] {
    const next: number[] = [];
    for (const place of places) {
      const code = this.#program.codes[place];
      if (code?.op === 'set' && code.set.has(unit)) next.push(place + 1);
    }
    return next;
  }

  #stateOf(places: readonly number[], isStart: boolean): State {
    // Edges: at the start all but `end` are decided; `end` waits for the end of the text.
    const closed = this.#close(places, isStart ? '' : '\0', isStart ? 0 : 1, true);
    // At the start of an empty text both edges hold.
    const key = `${isStart ? '^' : ''}${closed.join()}`;
    const stateNumber = this.#byPlaces.get(key);
    if (stateNumber !== undefined) return this.#states[stateNumber] as State;
    if (this.#states.length >= MOST_STATES) this.#forget();
    const matches = closed.some((place) => this.#program.codes[place]?.op === 'match');
    const next = new Int32Array(MOST_KINDS).fill(UNKNOWN);
    const number = this.#states.length;
    const state: State = { number, memory: this.#memory, places: closed, matches, matchesAtEnd: undefined, next };
    this.#states.push(state);
    this.#byPlaces.set(key, number);
    return state;
  }

  #forget(): void {
    this.#memory += 1;
    this.#states = [];
    this.#byPlaces = new Map();
  }

  #endsWell(state: State, text: string): boolean {
    const closed = this.#close(state.places, text, text.length);
    return closed.some((place) => this.#program.codes[place]?.op === 'match');
  }

  /**
   * All places that threads reach without a character. `keepEnds`: a condition that waits for the text's end stays in
   * the list.
   */
  #close(from: readonly number[], text: string, at: number, keepEnds = false): number[] {
    this.#turn += 1;
    const reached: number[] = [];
    const pending = [...from].reverse();
    for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
      if (this.#marks[place] === this.#turn) continue;
      this.#marks[place] = this.#turn;
      const code = this.#program.codes[place];
      if (code === undefined) continue;
      if (code.op === 'set' || code.op === 'match') reached.push(place);
      else if (code.op === 'split') pending.push(code.other, code.next);
      else if (code.op === 'jump') pending.push(code.next);
      else if (code.op !== 'edge') pending.push(place + 1);
      else if (keepEnds && code.edge === 'end') reached.push(place);
      else if (holdsEdge(code.edge, text, at)) pending.push(place + 1);
    }
    return reached.sort((a, b) => a - b);
  }

  /** Characters that every set of the program treats alike are of one kind. */
  #kindOf(unit: number): number {
    const kindNumber = unit < ASCII ? (this.#ascii[unit] as number) : (this.#others.get(unit) ?? UNKNOWN);
    if (kindNumber !== UNKNOWN) return kindNumber;
    const key = this.#sets.map((set) => (set.has(unit) ? '1' : '0')).join('');
    const kind = this.#kinds.get(key) ?? this.#kinds.size;
    this.#kinds.set(key, kind);
    if (unit < ASCII) this.#ascii[unit] = kind;
    else if (this.#others.size < MOST_STATES) this.#others.set(unit, kind);
    return kind;
  }
}
