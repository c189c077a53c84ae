import { cachedDataVersionTag, setFlagsFromString } from 'node:v8';
import { expect, it } from 'vitest';
import { chooseFlags, optimiseLater } from '../../../src/cli/start/optimise.ts';

/** Node 20, 22 and 24. */
const hasFlag = /^1[123]\./.test(process.versions.v8);

it('changes a flag of V8 where this Node has it', () => {
  // The tests run with these flags, so others come first.
  for (const flag of chooseFlags(true)) setFlagsFromString(flag.replace(/\d+$/, '50'));
  const before = cachedDataVersionTag();
  optimiseLater(true);
  expect(cachedDataVersionTag() !== before).toBe(hasFlag);
});
