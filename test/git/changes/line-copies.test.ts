import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareLines, rangesNotCopied } from '../../../src/git/changes/line-copies.ts';
import { walkLines } from '../../../src/git/changes/line-walk.ts';
import { tries } from '../../property/runs.ts';

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

  it.each([
    ['the walk', rangesNotCopied],
    ['the table', compareLines],
  ])('leaves no line out by %s: outside the ranges there are runs of whole old lines only', (_, rangesOfBoth) => {
    fc.assert(
      fc.property(text, text, (previous, next) => {
        const bytes = Buffer.from(next);
        const ranges = rangesOfBoth(Buffer.from(previous), bytes);
        const cuts = [0, ...ranges.flatMap(({ start, end }) => [start, end]), bytes.length];
        for (let i = 0; i < cuts.length; i += 2) {
          const kept = bytes.toString('utf8', cuts[i], cuts[i + 1]);
          expect(`\n${previous}\n`.includes(`\n${kept.replace(/\n$/, '')}\n`) || kept === '').toBe(true);
        }
        expect([...cuts].sort((a, b) => a - b)).toEqual(cuts);
      }),
      tries(2_000),
    );
  });

  it('names little more than what was edited', () => {
    const lines = Array.from({ length: 3000 }, (_, i) => (i % 3 === 0 ? '}' : `  line ${i * 7919} of the text`));
    const edited = [...lines];
    edited.splice(2000, 0, ...Array.from({ length: 400 }, (_, i) => `  new ${i}`));
    edited[100] = '  changed';
    edited.splice(2900, 3);
    const ranges = walkLines(Buffer.from(lines.join('\n')), Buffer.from(edited.join('\n'))) ?? [];
    const added = [...Array.from({ length: 400 }, (_, i) => `  new ${i}`), '  changed'].join('\n').length + 1;
    expect(ranges.reduce((sum, { start, end }) => sum + end - start, 0)).toBeLessThan(added + 100);
    expect(ranges.length).toBeLessThan(6);
  });

  it('leaves texts that differ in every other line to the table', () => {
    const write = (word: string): Buffer =>
      Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? `${i}` : `${word}${i}`)).join('\n'));
    const [previous, next] = [write('a'), write('b')];
    expect(walkLines(previous, next)).toBeUndefined();
    expect(rangesNotCopied(previous, next)).toEqual(compareLines(previous, next));
  });

  it('takes linear time on lines that are all alike', () => {
    const previous = Buffer.from('x\n'.repeat(100_000));
    const next = Buffer.from(`y\n${'x\n'.repeat(100_000)}y\n${'x\n'.repeat(100_000)}`);
    expect(rangesNotCopied(previous, next).length).toBeLessThan(100);
  });
});
