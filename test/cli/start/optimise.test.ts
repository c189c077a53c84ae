import { cachedDataVersionTag } from 'node:v8';
import { expect, it } from 'vitest';
import { optimiseLater } from '../../../src/cli/start/optimise.ts';

/** Node 20; later ones have no such flag. */
const hasFlag = process.versions.v8.startsWith('11.');

it('changes a flag of V8 where this Node has it', () => {
  const before = cachedDataVersionTag();
  optimiseLater();
  expect(cachedDataVersionTag() !== before).toBe(hasFlag);
});
