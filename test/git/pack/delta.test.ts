import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Range } from '../../../src/git/changes/line-diff.ts';
import { applyDelta, readDeltaHeader } from '../../../src/git/pack/delta.ts';
import { PackError } from '../../../src/git/pack/pack-error.ts';
import { tries } from '../../property/runs.ts';

type Instruction = { readonly copy: readonly [offset: number, length: number] } | { readonly insert: Buffer };

function sizeBytes(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const more = rest >= 128;
    bytes.push((rest % 128) | (more ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return bytes;
}

function encode(instruction: Instruction): number[] {
  if ('insert' in instruction) return [instruction.insert.length, ...instruction.insert];
  const [offset, length] = instruction.copy;
  const number = [offset & 255, (offset >> 8) & 255, (offset >> 16) & 255, offset >>> 24];
  number.push(length & 255, (length >> 8) & 255, (length >> 16) & 255);
  const flags = number.reduce((all, byte, bit) => all | (byte === 0 ? 0 : 1 << bit), 128);
  return [flags, ...number.filter((byte) => byte !== 0)];
}

function build(base: Buffer, instructions: readonly Instruction[]): { delta: Buffer; result: Buffer } {
  const parts = instructions.map((one) =>
    'insert' in one ? one.insert : base.subarray(one.copy[0], one.copy[0] + one.copy[1]),
  );
  const result = Buffer.concat(parts);
  const bytes = [...sizeBytes(base.length), ...sizeBytes(result.length), ...instructions.flatMap(encode)];
  return { delta: Buffer.from(bytes), result };
}

function apply(base: Buffer, delta: Buffer, margin: number): { result: Buffer; ranges: Range[] } {
  const header = readDeltaHeader(delta);
  const result = Buffer.alloc(header.resultSize);
  const ranges = applyDelta(base, delta, header, result, margin);
  const inOne = applyInOneMemory(base, delta, margin);
  expect(inOne.ranges).toEqual(ranges);
  expect(result.equals(inOne.result)).toBe(true);
  return { ranges, result };
}

/** The same with everything in one ArrayBuffer, as the pack reader's pool has it; nothing around the result is touched. */
function applyInOneMemory(base: Buffer, delta: Buffer, margin: number): { result: Uint8Array; ranges: Range[] } {
  const header = readDeltaHeader(delta);
  const { resultSize } = header;
  const memory = new Uint8Array(base.length + delta.length + resultSize + 20).fill(171);
  const [baseAt, deltaAt] = [memory.length - base.length, 3];
  const resultAt = deltaAt + delta.length + 7;
  memory.set(base, baseAt);
  memory.set(delta, deltaAt);
  const before = memory.slice();
  const result = memory.subarray(resultAt, resultAt + resultSize);
  const parts = [memory.subarray(baseAt), memory.subarray(deltaAt, deltaAt + delta.length)] as const;
  const ranges = applyDelta(parts[0], parts[1], header, result, margin);
  before.set(result, resultAt);
  // One comparison: that of each byte of 64 KiB by the test runner takes a second.
  expect(Buffer.compare(memory, before)).toBe(0);
  return { ranges, result: result.slice() };
}

const pieces = fc.record({
  base: fc
    .uint8Array({ minLength: 1, maxLength: 300 })
    .map((bytes) => Buffer.from(bytes.map((byte) => 97 + (byte % 4)))),
  plan: fc.array(fc.tuple(fc.boolean(), fc.nat(), fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 9 })), {
    maxLength: 12,
  }),
  margin: fc.integer({ min: 1, max: 20 }),
});

function instructionsOf(
  base: Buffer,
  plan: readonly (readonly [boolean, number, number, Uint8Array])[],
): Instruction[] {
  return plan.map(([copies, at, length, text]): Instruction => {
    const offset = at % base.length;
    return copies ? { copy: [offset, 1 + (length % (base.length - offset))] } : { insert: Buffer.from(text) };
  });
}

describe('applyDelta', () => {
  it('rebuilds the object', () => {
    fc.assert(
      fc.property(pieces, ({ base, plan, margin }) => {
        const { delta, result } = build(base, instructionsOf(base, plan));
        expect(apply(base, delta, margin).result).toEqual(result);
      }),
      tries(500),
    );
  });

  it('covers every short run that is not a run of the base, and keeps ranges apart and in order', () => {
    fc.assert(
      fc.property(pieces, ({ base, plan, margin }) => {
        const { delta } = build(base, instructionsOf(base, plan));
        const { result, ranges } = apply(base, delta, margin);
        for (let at = 0; at + margin <= result.length; at += 1) {
          const inside = ranges.some(({ start, end }) => start <= at && at + margin <= end);
          if (!inside) expect(base.includes(result.subarray(at, at + margin))).toBe(true);
        }
        ranges.forEach((range, i) => {
          expect(range.start).toBeLessThan(range.end);
          expect(range.start).toBeGreaterThan(ranges[i - 1]?.end ?? -1);
          expect(range.end).toBeLessThanOrEqual(result.length);
        });
      }),
      tries(1_000),
    );
  });

  it('counts a cut start and a cut end as changes, and an unchanged copy as none', () => {
    const base = Buffer.from('x'.repeat(100));
    const ranges = (...instructions: Instruction[]) => apply(base, build(base, instructions).delta, 10).ranges;
    expect(ranges({ copy: [0, 100] })).toEqual([]);
    expect(ranges({ copy: [0, 40] }, { copy: [40, 60] })).toEqual([]);
    expect(ranges({ copy: [5, 95] })).toEqual([{ start: 0, end: 10 }]);
    expect(ranges({ copy: [0, 95] })).toEqual([{ start: 85, end: 95 }]);
    expect(ranges({ copy: [0, 50] }, { copy: [51, 49] })).toEqual([{ start: 40, end: 60 }]);
    expect(ranges({ copy: [0, 50] }, { insert: Buffer.from('ab') }, { copy: [50, 50] })).toEqual([
      { start: 40, end: 62 },
    ]);
  });

  it('copies 64 KiB where no length is written', () => {
    const base = Buffer.alloc(70_000, 'y');
    const delta = Buffer.from([...sizeBytes(70_000), ...sizeBytes(65_536), 0x80]);
    expect(apply(base, delta, 1).result.equals(Buffer.alloc(65_536, 'y'))).toBe(true);
  });

  it.each([
    ['no sizes', []],
    ['an endless size', new Array<number>(20).fill(255)],
    ['another base size', [2, 1, 1, 65]],
    ['a reserved instruction', [3, 1, 0]],
    ['a copy outside of the base', [3, 9, 0x90, 9]],
    ['too long an insertion', [3, 1, 5, 65]],
    ['too much', [3, 1, 2, 65, 65]],
    ['too little', [3, 9, 1, 65]],
    ['a cut instruction', [3, 3, 0xff, 0]],
  ])('refuses a delta with %s', (_, bytes) => {
    expect(() => apply(Buffer.from('abc'), Buffer.from(bytes), 1)).toThrow(PackError);
  });

  it('refuses or accepts any bytes, but never reads or writes outside', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const delta = Buffer.from([3, 5, ...bytes]);
        try {
          expect(apply(Buffer.from('abc'), delta, 2).result).toHaveLength(5);
        } catch (error) {
          expect(error).toBeInstanceOf(PackError);
        }
      }),
      tries(2_000),
    );
  });
});
