import { holdsEdge } from './edges.ts';
import type { Program } from './program.ts';

const NO_PLACE = -1;

/** What a program matched: start and end, and the spans of its groups that took part, by name. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly groups: Readonly<Record<string, readonly [number, number]>>;
}

/** A thread of the program: where it is, where its match began, and what its groups hold. */
interface Thread {
  readonly place: number;
  readonly start: number;
  readonly slots: readonly number[];
}

/**
 * Finds what V8 would find, in linear time (a Pike machine): threads go on side by side in the order that V8 would try
 * them in, so the first that matches is the one that V8 would return. Only for programs without `hasEmptyTurns`.
 */
export class Searcher {
  readonly #program: Program;
  readonly #marks: Uint32Array;
  readonly #none: readonly number[];
  #turn = 0;

  constructor(program: Program) {
    this.#program = program;
    this.#marks = new Uint32Array(program.codes.length);
    this.#none = program.groups.flatMap(() => [NO_PLACE, NO_PLACE]);
  }

  /** The first match that begins in `[first, last]`. */
  find(text: string, first: number, last: number): Found | undefined {
    let threads: readonly Thread[] = [];
    let best: Thread | undefined;
    let end = NO_PLACE;
    for (let at = first; at <= text.length; at++) {
      const waiting: Thread[] = [...threads];
      if (best === undefined && at <= last) waiting.push({ place: 0, start: at, slots: this.#none });
      if (waiting.length === 0) break;
      const next: Thread[] = [];
      for (const thread of this.#close(waiting, text, at)) {
        const code = this.#program.codes[thread.place];
        if (code?.op === 'match') {
          [best, end] = [thread, at];
          // Whatever comes behind would have been tried later.
          break;
        }
        if (at < text.length && code?.op === 'set' && code.set.has(text.charCodeAt(at))) {
          next.push({ ...thread, place: thread.place + 1 });
        }
      }
      threads = next;
    }
    return best && { start: best.start, end, groups: this.#groupsOf(best) };
  }

  /** The threads that wait for a character or have matched, in V8's order. */
  #close(from: readonly Thread[], text: string, at: number): Thread[] {
    this.#turn += 1;
    const reached: Thread[] = [];
    const pending = [...from].reverse();
    for (let thread = pending.pop(); thread !== undefined; thread = pending.pop()) {
      const { place, slots } = thread;
      if (this.#marks[place] === this.#turn) continue;
      this.#marks[place] = this.#turn;
      const code = this.#program.codes[place];
      if (code === undefined) continue;
      if (code.op === 'set' || code.op === 'match') reached.push(thread);
      else if (code.op === 'split') pending.push({ ...thread, place: code.other }, { ...thread, place: code.next });
      else if (code.op === 'jump') pending.push({ ...thread, place: code.next });
      else if (code.op === 'save') pending.push({ ...thread, place: place + 1, slots: slots.with(code.slot, at) });
      else if (code.op === 'clear')
        pending.push({ ...thread, place: place + 1, slots: forget(slots, code.from, code.to) });
      else if (holdsEdge(code.edge, text, at)) pending.push({ ...thread, place: place + 1 });
    }
    return reached;
  }

  #groupsOf({ slots }: Thread): Found['groups'] {
    const groups: Record<string, readonly [number, number]> = {};
    for (const [index, name] of this.#program.groups.entries()) {
      const [start = NO_PLACE, end = NO_PLACE] = slots.slice(2 * index, 2 * index + 2);
      if (start !== NO_PLACE && end !== NO_PLACE) groups[name] = [start, end];
    }
    return groups;
  }
}

function forget(slots: readonly number[], from: number, to: number): readonly number[] {
  return slots.map((value, slot) => (slot >= from && slot < to ? NO_PLACE : value));
}
