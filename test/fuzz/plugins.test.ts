import { afterAll, describe, expect, it } from 'vitest';
import { collectors } from '../../src/collectors/index.generated.ts';
import { decoders } from '../../src/decoders/index.generated.ts';
import type { FuzzTarget } from './shared/fuzz.ts';
import { compileSchema } from './shared/judged.ts';
import { makeStore } from './shared/store.ts';
import { DECLARATIONS } from './targets/declarations.ts';
import { DECODERS } from './targets/decoders.ts';
import { dumpTargets } from './targets/dumps.ts';
import { gitTargets } from './targets/git.ts';
import { PATTERNS } from './targets/patterns.ts';
import { POLICY } from './targets/policy.ts';
import { sourceTargets } from './targets/sources.ts';

const store = makeStore();
const dumps = dumpTargets();
afterAll(() => {
  store.remove();
  dumps.remove();
});

const targets: readonly FuzzTarget[] = [
  ...DECODERS,
  ...DECLARATIONS,
  ...POLICY,
  ...PATTERNS,
  ...dumps.targets,
  ...gitTargets(store),
  ...sourceTargets(store, compileSchema()),
];

describe('fuzzing', () => {
  it.each([
    ['decoder', decoders],
    ['collector', collectors],
  ] as const)('reaches every %s of the registry', (kind, plugins) => {
    const names = targets.map(({ name }) => name);
    const forgotten = plugins.filter(
      ({ id }) => !names.some((name) => name === `${kind} ${id}` || name.startsWith(`${kind} ${id}, `)),
    );
    const advice = `add a row to test/fuzz/targets for each ${kind} that is listed here`;
    expect(
      forgotten.map(({ id }) => id),
      advice,
    ).toEqual([]);
  });

  it('has seeds that hold something, and a name for each target', () => {
    const names = targets.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, seeds } of targets)
      expect(
        seeds.some((seed) => seed.length > 0),
        name,
      ).toBe(true);
  });
});
