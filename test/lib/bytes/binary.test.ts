import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countByte, findByte, isBinary, isPlainText } from '../../../src/lib/bytes/binary.ts';

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
  const text = (length: number, ...nuls: number[]): Uint8Array => {
    const bytes = new Uint8Array(length).fill(65);
    for (const at of nuls) bytes[at] = 0;
    return bytes;
  };

  it.each([
    ['a text', text(10_000), false],
    ['a text with a NUL', text(60, 3), false],
    ['a long text with some NULs', text(100_000, 3, 4, 5, 6, 7, 20_000), false],
    ['a short text with many', text(60, 3, 8, 15, 16), true],
    ['what holds its first NUL after 8 KiB', Buffer.concat([text(8192), Buffer.alloc(90_000)]), false],
    ['NULs', new Uint8Array(10_000), true],
    ['noise', Uint8Array.from({ length: 5000 }, (_, at) => (at * 7919) % 256), true],
    ['a coloured log', Buffer.from('\x1b[31mred\x1b[0m\f\n'.repeat(500)), false],
    ['nothing', new Uint8Array(), false],
  ])('of %s', (_, bytes, expected) => {
    expect(isBinary(bytes)).toBe(expected);
  });

  it('looks at the end of long files, too', () => {
    const bytes = text(100_000, 0);
    bytes.fill(1, 90_000);
    expect(isBinary(bytes)).toBe(true);
  });
});

describe('isPlainText', () => {
  it.each([
    ['a text', Buffer.from('a text'), true],
    ['UTF-8 with a mark', Buffer.from('\ufeffa text'), true],
    ['a text with a NUL', Buffer.from('a text\0'), true],
    ['a mark of UTF-16', Buffer.from([0xff, 0xfe, 0x61, 0x62]), false],
    ['the start of gzip', Buffer.from([0x1f, 0x8b, 8, 0]), false],
    ['the start of zip', Buffer.from('PK\x03\x04 and a text'), false],
    ['NULs', Buffer.from(`text${'\0'.repeat(100)}`), false],
  ])('of %s', (_, bytes, expected) => {
    expect(isPlainText(bytes)).toBe(expected);
  });
});
