import { cachedDataVersionTag } from 'node:v8';
import { expect, it } from 'vitest';
import { optimiseAsUsual, optimiseLater } from '../../../src/cli/start/optimise.ts';

it('changes a flag of V8 that this Node has, and sets it to its default again', () => {
  const before = cachedDataVersionTag();
  optimiseLater();
  expect(cachedDataVersionTag()).not.toBe(before);
  optimiseAsUsual();
  expect(cachedDataVersionTag()).toBe(before);
});
