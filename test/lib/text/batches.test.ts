import { expect, it } from 'vitest';
import { joinBatches } from '../../../src/lib/text/batches.ts';

it('joins pieces until they are long enough, and gives what is left at the end', () => {
  expect([...joinBatches(['ab', 'c', 'defg', 'h'], 3)]).toEqual(['abc', 'defg', 'h']);
  expect([...joinBatches(['ab', 'c', 'd'], 3, '\n')]).toEqual(['ab\nc', 'd']);
  expect([...joinBatches([], 3)]).toEqual([]);
});
