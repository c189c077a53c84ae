import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addedRanges, intersectRanges, type Range } from '../../../src/git/changes/line-diff.ts';
import { tries } from '../../property/runs.ts';

function added(previous: string, next: string): string[] {
  const bytes = Buffer.from(next);
  return addedRanges(Buffer.from(previous), bytes).map(({ start, end }) => bytes.toString('utf8', start, end));
}

/** Length of a longest common subsequence, the slow and plain way. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const line of a) {
    const next = [0];
    for (const [j, other] of b.entries()) {
      next.push(line === other ? (row[j] as number) + 1 : Math.max(row[j + 1] as number, next[j] as number));
    }
    row = next;
  }
  return row[b.length] as number;
}

const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', ''), { maxLength: 25 });

describe('addedRanges', () => {
  it('finds added and changed lines', () => {
    expect(added('a\nb\nc\n', 'a\nx\nc\ny\n')).toEqual(['x\n', 'y\n']);
    expect(added('', 'a\nb')).toEqual(['a\nb']);
    expect(added('a\nb\n', 'b\n')).toEqual([]);
    expect(added('a\n', 'a\n')).toEqual([]);
    expect(added('a\n', '')).toEqual([]);
  });

  it('does not take a changed line end for an added line', () => {
    expect(added('a\nb', 'a\nb\nc\n')).toEqual(['c\n']);
    expect(added('a\r\nb\r\n', 'a\nb\n')).toEqual([]);
  });

  it('leaves a longest common subsequence, and the rest is the new lines in order', () => {
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        const text = (all: readonly string[]) => Buffer.from(all.map((line) => `${line}\n`).join(''));
        const next = text(b);
        const ranges = addedRanges(text(a), next);
        const count = ranges.reduce(
          (sum, { start, end }) => sum + next.toString('utf8', start, end).split('\n').length - 1,
          0,
        );
        expect(b.length - count).toBe(commonLength(a, b));
        const kept: string[] = [];
        let at = 0;
        for (const { start, end } of [...ranges, { start: next.length, end: next.length }]) {
          kept.push(next.toString('utf8', at, start));
          expect(start).toBeGreaterThanOrEqual(at);
          at = end;
        }
        const rest = kept.join('').split('\n').slice(0, -1);
        expect(commonLength(a, rest)).toBe(rest.length);
      }),
      tries(1_000),
    );
  });

  it('answers in bounded time on texts without anything in common order', () => {
    const many = Array.from({ length: 30_000 }, (_, i) => `${i}`);
    const shuffled = [...many].sort((a, b) => ((Number(a) * 7919) % 30_011) - ((Number(b) * 7919) % 30_011));
    const started = performance.now();
    const ranges = added(many.join('\n'), shuffled.join('\n'));
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(ranges.join('').length).toBeGreaterThan(100_000);
  });
});

describe('intersectRanges', () => {
  const toRanges = (bits: readonly boolean[]): Range[] =>
    bits.flatMap((bit, i) => (bit && !bits[i - 1] ? [{ start: i, end: runEnd(bits, i) }] : []));
  const runEnd = (bits: readonly boolean[], from: number): number => {
    const end = bits.indexOf(false, from);
    return end < 0 ? bits.length : end;
  };

  it('keeps exactly what both cover', () => {
    const bits = fc.array(fc.boolean(), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(bits, bits, (a, b) => {
        const both = intersectRanges(toRanges(a), toRanges(b));
        const covered = a.map((_, i) => both.some(({ start, end }) => start <= i && i < end));
        expect(covered).toEqual(a.map((bit, i) => bit && b[i]));
      }),
    );
  });
});
