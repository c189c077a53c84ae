import type { Outcome } from '../examine.ts';

/** Puts the results of parts into the order of their numbers, whoever finishes first. */
export class PartOrder {
  readonly #parts: number;
  readonly #take: (part: number, outcomes: readonly Outcome[]) => void;
  /** Results that wait for an earlier part. */
  readonly #waiting = new Map<number, readonly Outcome[]>();
  #next = 0;

  /** `take` gets the results of each part once, in order. */
  constructor(parts: number, take: (part: number, outcomes: readonly Outcome[]) => void) {
    this.#parts = parts;
    this.#take = take;
  }

  /** Enters the results of a part. Those of a part that was entered before change nothing. */
  finish(part: number, outcomes: readonly Outcome[]): void {
    if (part < this.#next || this.#waiting.has(part)) return;
    this.#waiting.set(part, outcomes);
    for (let ready = this.#waiting.get(this.#next); ready !== undefined; ready = this.#waiting.get(this.#next)) {
      const number = this.#next;
      this.#waiting.delete(number);
      this.#next += 1;
      this.#take(number, ready);
    }
  }

  /** Numbers of the parts without results. */
  missing(): number[] {
    const missing: number[] = [];
    for (let part = this.#next; part < this.#parts; part += 1) if (!this.#waiting.has(part)) missing.push(part);
    return missing;
  }

  /** Takes what is there although earlier parts are missing, in order. */
  giveUp(): void {
    for (const part of [...this.#waiting.keys()].sort((a, b) => a - b)) {
      this.#take(part, this.#waiting.get(part) ?? []);
      this.#waiting.delete(part);
    }
  }
}
