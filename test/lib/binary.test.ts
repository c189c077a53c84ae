import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countByte, findByte, isBinary } from '../../src/lib/binary.ts';

/** Bytes at any place in memory, mostly of few values, and a part of them. */
const part = fc
  .record({
    bytes: fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(fc.constantFrom(0, 1, 9, 10, 11, 138), { maxLength: 300 }),
    ),
    offset: fc.nat(9),
    from: fc.nat(310),
    end: fc.nat(310),
  })
  .map(({ bytes, offset, from, end }) => {
    const memory = new Uint8Array(offset + bytes.length);
    memory.set(bytes, offset);
    const limits = [from, end].map((at) => Math.min(at, bytes.length)).sort((a, b) => a - b);
    return { bytes: memory.subarray(offset), from: limits[0] as number, end: limits[1] as number };
  });
const byte = fc.constantFrom(0, 1, 10, 138, 255);

describe('findByte', () => {
  it('finds what a loop finds', () => {
    const same = fc.property(part, byte, ({ bytes, from, end }, wanted) => {
      const found = bytes.subarray(from, end).indexOf(wanted);
      expect(findByte(bytes, wanted, from, end)).toBe(found < 0 ? -1 : from + found);
    });
    fc.assert(same, { numRuns: 500 });
  });
});

describe('countByte', () => {
  it('counts what a loop counts', () => {
    const same = fc.property(part, byte, ({ bytes, from, end }, wanted) => {
      expect(countByte(bytes, wanted, from, end)).toBe(
        bytes.subarray(from, end).filter((one) => one === wanted).length,
      );
    });
    fc.assert(same, { numRuns: 500 });
  });

  it('stops at the end of the bytes', () => {
    expect(countByte(new Uint8Array(7), 0, 0, 100)).toBe(7);
  });
});

describe('isBinary', () => {
  it.each([
    [0, true],
    [8191, true],
    [8192, false],
  ])('with a NUL at %i says %s', (at, expected) => {
    const bytes = new Uint8Array(10_000).fill(65);
    bytes[at] = 0;
    expect(isBinary(bytes)).toBe(expected);
  });
});
