import { type ActionBits, addBits, noActions, wholeOf, without } from './action-sets/bits.ts';
import { Denials } from './denials.ts';
import { limitedByKind } from './kinds.ts';
import type { DocumentIndex } from './reach.ts';

/** What a permissions boundary lets pass. */
export interface BoundaryIndex {
  readonly known: boolean;
  /** Actions that pass on every resource of their kind, and those that pass at all. */
  readonly all: ActionBits;
  readonly any: ActionBits;
  /** False for an action that is in no list, and does not pass. */
  readonly passes: (action: string) => boolean;
}

/** Reads a boundary once, however many principals have it. */
export function indexBoundary({ allows, denies, known }: DocumentIndex): BoundaryIndex {
  const denials = new Denials(denies);
  const [all, any] = [noActions(), noActions()];
  const clear = allows.filter(({ grantor }) => grantor !== undefined);
  for (const { statement, named, grantor, foreign } of clear) {
    const taken = denials.takenFrom(statement);
    const left = taken.none.reduce(without, named.bits);
    addBits(any, left);
    const some = foreign === undefined ? taken.some : [...taken.some, foreign];
    if (grantor?.reach === 'all') addBits(all, some.reduce(without, left));
  }
  const limited = limitedByKind(clear.map((compiled) => ({ compiled, left: wholeOf(compiled.named.bits) })));
  const passes = (action: string): boolean =>
    clear.some(({ statement, actions }) => actions.has(action) && denials.leaves(action, statement));
  return { known, all: limited === undefined ? all : without(all, limited), any, passes };
}
