import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rangesNotCopied } from '../../../src/lib/git/line-copies.ts';

const text = fc
  .array(fc.constantFrom('a', 'b', 'cc', 'ddd', '', '}', 'x'.repeat(5000)), { maxLength: 30 })
  .map((lines) => lines.join('\n'));

function rangesOf(previous: string, next: string): string[] {
  const bytes = Buffer.from(next);
  return rangesNotCopied(Buffer.from(previous), bytes).map(({ start, end }) => bytes.toString('utf8', start, end));
}

describe('rangesNotCopied', () => {
  it('names lines that are new', () => {
    expect(rangesOf('a\nb\nc\n', 'a\nb\nnew\nc\n')).toEqual(['new\n']);
    expect(rangesOf('a\nb\n', 'a\nb\n')).toEqual([]);
    expect(rangesOf('', 'a\nb\n')).toEqual(['a\nb\n']);
    expect(rangesOf('a\nb\nc', 'z\na\nb\nc\ny')).toEqual(['z\n', 'c\ny']);
  });

  it('names the seam where lines were taken out or moved', () => {
    expect(rangesNotCopied(Buffer.from('a\nb\nc\n'), Buffer.from('a\nc\n'))).toEqual([{ start: 2, end: 2 }]);
    expect(rangesOf('a\nb\nc\nd\n', 'c\nd\na\nb\n').join('')).toBe('');
    expect(rangesOf('a\nb\nc\nd\n', 'c\nd\na\nb\n').length).toBeGreaterThan(0);
  });

  it('leaves no line out: outside the ranges there are old lines only, and runs of them are runs of the old text', () => {
    fc.assert(
      fc.property(text, text, (previous, next) => {
        const bytes = Buffer.from(next);
        const ranges = rangesNotCopied(Buffer.from(previous), bytes);
        const cuts = [0, ...ranges.flatMap(({ start, end }) => [start, end]), bytes.length];
        for (let i = 0; i < cuts.length; i += 2) {
          const kept = bytes.toString('utf8', cuts[i], cuts[i + 1]);
          expect(previous.includes(kept)).toBe(true);
        }
        expect([...cuts].sort((a, b) => a - b)).toEqual(cuts);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes linear time on lines that are all alike', () => {
    const previous = Buffer.from('x\n'.repeat(100_000));
    const next = Buffer.from(`y\n${'x\n'.repeat(100_000)}y\n${'x\n'.repeat(100_000)}`);
    expect(rangesNotCopied(previous, next).length).toBeLessThan(10);
  });
});
