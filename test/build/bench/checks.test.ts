import { expect, it } from 'vitest';
import { readTable } from '../../../src/build/bench/checks.ts';

const HEAD =
  '| repository | blobs | told | lost | gained | changed | gaps | reference s | fast s |\n|---|---|---|---|---|---|---|---|---|\n';

it('reads what the equality step prints', () => {
  expect(readTable(`${HEAD}| shop | 20 | 9 | 1 | 2 | 3 | 0/0 | 4.0 | 1.0 |\nlost a b\n`)).toEqual({
    lost: 1,
    gained: 2,
    changed: 3,
  });
});

it.each(['', HEAD, 'nothing like it'])('does not take "%s" for equal', (output) => {
  expect(() => readTable(output)).toThrow('no table that can be read');
});
