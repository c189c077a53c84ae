import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInflater, createLateInflater, type Inflate } from '../../../src/git/pack/inflate.ts';
import { tries } from '../../property/runs.ts';

const anew = createInflater(() => undefined);

/** The bytes, or nothing where they are refused. */
function tryInflate(inflate: Inflate, input: Uint8Array, size: number): Buffer | undefined {
  const output = Buffer.alloc(size + 1);
  try {
    inflate(input, size, output);
    return output.subarray(0, size);
  } catch {
    return undefined;
  }
}

describe('createInflater', () => {
  it('reuses one handle on this Node', () => {
    expect(createInflater()).not.toBe(anew);
  });

  it('gives what inflateSync gives, stream after stream, whole and broken', () => {
    const reusing = createInflater();
    const stream = fc.record({
      bytes: fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 90_000 }).map(repeated)),
      level: fc.integer({ min: 0, max: 9 }),
      damage: fc.option(fc.record({ at: fc.nat(), byte: fc.nat(255) })),
      cut: fc.option(fc.nat(12)),
      excess: fc.constantFrom(0, 0, 0, -1, 1),
    });
    const same = fc.property(fc.array(stream, { minLength: 1, maxLength: 8 }), (streams) => {
      for (const { bytes, level, damage, cut, excess } of streams) {
        const deflated = deflateSync(bytes, { level });
        if (damage !== null) deflated[damage.at % deflated.length] = damage.byte;
        const input = cut === null ? deflated : deflated.subarray(0, Math.max(0, deflated.length - cut));
        const size = Math.max(0, bytes.length + excess);
        const [reused, made] = [tryInflate(reusing, input, size), tryInflate(anew, input, size)];
        expect([reused?.length, reused && made?.equals(reused)]).toEqual([made?.length, made && true]);
      }
    });
    fc.assert(same, tries(300));
  });

  it('gives the same before and after a late handle is opened', () => {
    const late = createLateInflater();
    for (let size = 1; size < 40; size += 1) {
      const bytes = repeated(size * 100);
      expect(tryInflate(late, deflateSync(bytes), bytes.length)?.equals(bytes)).toBe(true);
      expect(tryInflate(late, deflateSync(bytes).subarray(1), bytes.length)).toBeUndefined();
    }
  });

  it.each([
    ['is absent', undefined],
    ['is of another kind', { stream: {}, left: new Uint32Array(2) }],
    ['does nothing', { stream: { reset() {}, writeSync() {}, onerror() {} }, left: new Uint32Array([1, 0]) }],
  ])('does without a handle that %s', (_, handle) => {
    expect(createInflater(() => handle)).toBe(anew);
  });

  it('does without a handle that cannot be opened', () => {
    const open = (): never => {
      throw new Error('no such thing');
    };
    expect(createInflater(open)).toBe(anew);
  });
});

function repeated(length: number): Uint8Array {
  return Buffer.alloc(length, 'a line of text, and another one\n');
}
