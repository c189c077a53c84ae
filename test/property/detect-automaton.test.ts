import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Automaton, buildAutomaton } from '../../src/detect/automaton/build.ts';
import { HitList } from '../../src/detect/automaton/hits.ts';
import { createLaneScanner } from '../../src/detect/automaton/scan-lanes.ts';
import { scanPlain } from '../../src/detect/automaton/scan-plain.ts';
import type { Scanner } from '../../src/detect/automaton/scanner.ts';
import { createWasmScanner } from '../../src/detect/wasm/scanner.ts';
import { tries } from './runs.ts';

const byte = fc.constantFrom(...Buffer.from('abcABC-\xff\0 ', 'latin1'));
const literals = fc.array(
  fc.array(fc.constantFrom(...Buffer.from('abc-\xff', 'latin1')), { minLength: 2, maxLength: 8 }),
  {
    minLength: 1,
    maxLength: 12,
  },
);
/** Long enough for four lanes, hits everywhere. */
const text = fc
  .tuple(fc.array(byte, { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 5000 }), fc.nat(7))
  .map(([unit, length, shift]) =>
    Uint8Array.from({ length }, (_, at) => unit[(at * (1 + (at >> 9)) + shift) % unit.length] ?? 0),
  );

/** Literals by plain comparison: the definition. */
function searchPlainly(list: readonly (readonly number[])[], bytes: Uint8Array): string[] {
  const folded = Array.from(bytes, (one) => (one >= 65 && one <= 90 ? one + 32 : one));
  const found: string[] = [];
  for (let end = 1; end <= folded.length; end++) {
    for (const [index, literal] of list.entries()) {
      if (literal.every((one, at) => folded[end - literal.length + at] === one)) found.push(`${end}:${index}`);
    }
  }
  return found.sort();
}

function expand(automaton: Automaton, hits: HitList): string[] {
  const found: string[] = [];
  for (let hit = 0; hit < hits.size; hit++) {
    const state = hits.stateAt(hit) - automaton.firstOutput;
    const [from, to] = [automaton.outputStarts[state], automaton.outputStarts[state + 1]];
    for (const literal of automaton.outputs.subarray(from, to)) found.push(`${hits.positionAt(hit)}:${literal}`);
  }
  return found.sort();
}

function scanInPieces(scanner: Scanner, bytes: Uint8Array, cuts: readonly number[]): HitList {
  const hits = new HitList();
  const ends = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  let from = 0;
  for (const to of ends) {
    scanner.scan(bytes, from, to, hits);
    from = to;
  }
  return hits;
}

describe('automaton', () => {
  test('finds what plain comparison finds', () => {
    fc.assert(
      fc.property(literals, text, (list, bytes) => {
        const automaton = buildAutomaton(list);
        const hits = new HitList();
        const short = bytes.subarray(0, 700);
        scanPlain(automaton, short, 0, short.length, hits);
        expect(expand(automaton, hits)).toEqual(searchPlainly(list, short));
      }),
      tries(800),
    );
  });

  test('gives the same hits in lanes, in WebAssembly and in pieces', () => {
    fc.assert(
      fc.property(
        literals,
        text,
        fc.array(fc.nat(5000), { maxLength: 5 }),
        fc.integer({ min: 600, max: 4000 }),
        (list, bytes, cuts, room) => {
          const automaton = buildAutomaton(list);
          const plain = new HitList();
          scanPlain(automaton, bytes, 0, bytes.length, plain);
          const expected = expand(automaton, plain);
          for (const scanner of [createLaneScanner(automaton), createWasmScanner(automaton, room)]) {
            expect(expand(automaton, scanInPieces(scanner, bytes, []))).toEqual(expected);
            expect(expand(automaton, scanInPieces(scanner, bytes, cuts))).toEqual(expected);
          }
        },
      ),
      tries(480),
    );
  });

  test('gives the same hits for bytes that lie in its own memory, also while others are scanned', () => {
    const cuts = fc.array(fc.nat(5000), { maxLength: 5 });
    fc.assert(
      fc.property(literals, text, fc.nat(9), cuts, (list, bytes, at, pieces) => {
        const automaton = buildAutomaton(list);
        const scanner = createWasmScanner(automaton, 1000, 8192);
        const room = scanner.room?.subarray(at, at + bytes.length) ?? bytes;
        room.set(bytes);
        const expected = expand(automaton, scanInPieces(createLaneScanner(automaton), bytes, []));
        expect(expand(automaton, scanInPieces(scanner, room, pieces))).toEqual(expected);
        expect(expand(automaton, scanInPieces(scanner, bytes.toReversed(), pieces))).toEqual(
          expand(automaton, scanInPieces(createLaneScanner(automaton), bytes.toReversed(), [])),
        );
        expect(expand(automaton, scanInPieces(scanner, room, []))).toEqual(expected);
        expect(Buffer.compare(room, bytes)).toBe(0);
      }),
      tries(480),
    );
  });

  test('survives more hits than the module has room for', () => {
    const automaton = buildAutomaton([[97, 97]]);
    const bytes = new Uint8Array(300_000).fill(97);
    const hits = new HitList();
    createWasmScanner(automaton).scan(bytes, 0, bytes.length, hits);
    expect(hits.size).toBe(299_999);
  });

  test('refuses more states than fit, so that the caller shortens the literals', () => {
    const many = Array.from({ length: 23_000 }, (_, index) => [
      ...Buffer.from(index.toString(36).padStart(4, 'q')),
      1,
      2,
    ]);
    expect(() => buildAutomaton(many)).toThrow(RangeError);
  });
});
