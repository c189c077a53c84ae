import type { Automaton } from './build.ts';
import type { HitList } from './hits.ts';

/**
 * Runs the automaton over `bytes[from, to)`. It starts in the state that the bytes before `from` lead to, so that
 * scanning in pieces finds the same hits. Hits are in order.
 */
export function scanPlain(automaton: Automaton, bytes: Uint8Array, from: number, to: number, hits: HitList): void {
  const { table, classes, shift, firstOutput } = automaton;
  const origin = automaton.base << shift;
  let state = warmUp(automaton, bytes, from);
  for (let at = from; at < to; at++) {
    state = table[(state << shift) - origin + (classes[bytes[at] as number] as number)] as number;
    if (state >= firstOutput) hits.add(at + 1, state);
  }
}

/** The state before `at`. Only the bytes of the longest literal can matter. */
export function warmUp(automaton: Automaton, bytes: Uint8Array, at: number): number {
  const { table, classes, shift, longest, root } = automaton;
  const origin = automaton.base << shift;
  let state = root;
  for (let back = Math.max(0, at - longest + 1); back < at; back++) {
    state = table[(state << shift) - origin + (classes[bytes[back] as number] as number)] as number;
  }
  return state;
}
