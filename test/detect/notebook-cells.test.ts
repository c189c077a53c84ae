import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cellAt, findCells, isNotebook } from '../../src/detect/notebook-cells.ts';
import { tries } from '../property/runs.ts';

/** Source lines with everything that brackets and quotes could be mistaken in. */
const source = fc.array(
  fc.string({ unit: fc.constantFrom('"', '\\', '{', '}', '[', ']', ':', ',', 'cells', 'ä', '\n') }),
);
const cell = fc.record({
  cell_type: fc.constant('code'),
  metadata: fc.record({ cells: fc.array(fc.array(fc.record({ cells: source }))) }),
  outputs: fc.array(fc.record({ text: source, data: fc.dictionary(fc.string(), source) })),
});
const spaces = fc.constantFrom(undefined, 1, '\t');
const mark = (index: number): string => `mark-${index}-`;
const marked = (cells: readonly object[], from = 0): object[] =>
  cells.map((content, index) => ({ ...content, source: [`x = "${mark(from + index)}"\n`] }));

/** The cell of each mark, told by the place of its text. */
function cellsOfMarks(notebook: unknown, indent: string | number | undefined, count: number): (number | undefined)[] {
  const bytes = Buffer.from(JSON.stringify(notebook, undefined, indent));
  const cells = findCells(bytes);
  return Array.from({ length: count }, (_, index) => cellAt(cells, bytes.indexOf(mark(index))));
}

it('counts cells as a JSON parser does, whatever stands in them and around them', () => {
  fc.assert(
    fc.property(
      fc.array(cell, { maxLength: 6 }),
      fc.anything(),
      fc.boolean(),
      spaces,
      (cells, other, isFirst, indent) => {
        const around = { metadata: { worksheets: 1, cells: [{ source }], other: JSON.stringify(other) ?? '' } };
        const list = { cells: marked(cells) };
        const notebook = isFirst ? { ...list, ...around } : { ...around, ...list };
        expect(cellsOfMarks(notebook, indent, cells.length)).toEqual(cells.map((_, index) => index + 1));
      },
    ),
    tries(320),
  );
});

it('counts on through the worksheets of older formats', () => {
  const lists = [marked([{}, {}]), marked([{}], 2), marked([{}, {}], 3)];
  const notebook = { metadata: {}, nbformat: 3, worksheets: lists.map((cells) => ({ metadata: {}, cells })) };
  expect(cellsOfMarks(notebook, 1, 5)).toEqual([1, 2, 3, 4, 5]);
});

it('names no cell outside of cells', () => {
  const bytes = Buffer.from(JSON.stringify({ metadata: { a: 'before' }, cells: [{}, {}], end: 'behind' }));
  const cells = findCells(bytes);
  expect(cells).toHaveLength(2);
  for (const word of ['before', 'behind']) expect(cellAt(cells, bytes.indexOf(word))).toBeUndefined();
});

it('knows the cell in which a notebook is cut off', () => {
  const bytes = Buffer.from('{"cells": [{"source": "a"}, {"source": ["b", "c');
  expect(cellAt(findCells(bytes), bytes.length - 1)).toBe(2);
});

it('takes any bytes, and cells neither overlap nor leave the file', () => {
  const piece = fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', '"cells":[', '"worksheets":[', ',', 'x', '\0');
  fc.assert(
    fc.property(fc.string({ unit: piece, maxLength: 60 }), (text) => {
      const bytes = Buffer.from(text);
      let last = 0;
      for (const { start, end } of findCells(bytes)) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        last = end;
      }
      expect(last).toBeLessThanOrEqual(bytes.length);
    }),
    { numRuns: 300 },
  );
});

it('remembers a bounded number of cells', () => {
  expect(findCells(Buffer.from(`{"cells":[${'{},'.repeat(100_100)}{}]}`))).toHaveLength(100_000);
});

it('tells notebooks by the ending of their name, also inside an archive', () => {
  expect(['a.ipynb', 'a.zip!/b.IPYNB', 'ipynb', 'a.ipynb.txt'].map(isNotebook)).toEqual([true, true, false, false]);
});
