import type { Automaton } from './build.ts';
import type { HitList } from './hits.ts';
import { scanPlain, warmUp } from './scan-plain.ts';
import type { Scanner } from './scanner.ts';

/** Texts shorter than this are not worth four lanes, bytes. */
const SHORT = 512;

/**
 * The automaton in TypeScript. It reads four parts of the text (lanes) in turn, so that the look-ups of one need not
 * wait for another. Used where WebAssembly is not available, and as the oracle of the WebAssembly scanner.
 */
export function createLaneScanner(automaton: Automaton): Scanner {
  return {
    scan: (bytes, from, to, hits) => {
      if (to - from < SHORT) scanPlain(automaton, bytes, from, to, hits);
      else scanLanes(automaton, bytes, from, to, hits);
    },
  };
}

function scanLanes(automaton: Automaton, bytes: Uint8Array, from: number, to: number, hits: HitList): void {
  const { table, classes, shift, firstOutput } = automaton;
  const origin = automaton.base << shift;
  const length = (to - from) >>> 2;
  const [start1, start2, start3] = [from + length, from + 2 * length, from + 3 * length];
  let state0 = warmUp(automaton, bytes, from);
  let state1 = warmUp(automaton, bytes, start1);
  let state2 = warmUp(automaton, bytes, start2);
  let state3 = warmUp(automaton, bytes, start3);
  for (let at = 0; at < length; at++) {
    state0 = table[(state0 << shift) - origin + (classes[bytes[from + at] as number] as number)] as number;
    state1 = table[(state1 << shift) - origin + (classes[bytes[start1 + at] as number] as number)] as number;
    state2 = table[(state2 << shift) - origin + (classes[bytes[start2 + at] as number] as number)] as number;
    state3 = table[(state3 << shift) - origin + (classes[bytes[start3 + at] as number] as number)] as number;
    if ((state0 | state1 | state2 | state3) < firstOutput) continue;
    if (state0 >= firstOutput) hits.add(from + at + 1, state0);
    if (state1 >= firstOutput) hits.add(start1 + at + 1, state1);
    if (state2 >= firstOutput) hits.add(start2 + at + 1, state2);
    if (state3 >= firstOutput) hits.add(start3 + at + 1, state3);
  }
  scanPlain(automaton, bytes, from + 4 * length, to, hits);
}
