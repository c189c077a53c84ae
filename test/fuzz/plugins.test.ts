import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { collectors } from '../../src/collectors/index.generated.ts';
import { decoders } from '../../src/decoders/index.generated.ts';
import { ROOT } from '../cli/run-bowerbird.ts';
import { canBeFuzzed } from '../contract/fuzz-cases.ts';
import type { FuzzTarget } from './shared/fuzz.ts';
import { compileSchema } from './shared/judged.ts';
import { makeStore } from './shared/store.ts';
import { DECLARATIONS } from './targets/declarations.ts';
import { DECODER_INPUTS } from './targets/decoders.ts';
import { gitTargets } from './targets/git.ts';
import { PATTERNS } from './targets/patterns.ts';
import { POLICY } from './targets/policy.ts';
import { sourceTargets } from './targets/sources.ts';

const store = makeStore();
afterAll(() => store.remove());

const targets: readonly FuzzTarget[] = [
  ...DECLARATIONS,
  ...POLICY,
  ...PATTERNS,
  ...gitTargets(store),
  ...sourceTargets(store, compileSchema()),
];

/** True where a row has the plug-in fuzzed. */
function hasTarget(kind: string, id: string): boolean {
  return targets.some(({ name }) => name === `${kind} ${id}` || name.startsWith(`${kind} ${id}, `));
}

/** Text of a plug-in's test: of the file of its name, and of those in the folder of its name. */
function readTests(folder: string, id: string): string {
  const inFolder = existsSync(join(folder, id)) ? readdirSync(join(folder, id)) : [];
  const paths = [`${id}.test.ts`, ...inFolder.map((name) => `${id}/${name}`)].map((path) => join(folder, path));
  const tests = paths.filter((path) => path.endsWith('.test.ts') && existsSync(path));
  return tests.map((path) => readFileSync(path, 'utf8')).join('\n');
}

describe('fuzzing', () => {
  it('reaches every decoder of the registry', () => {
    const folder = join(ROOT, 'test/decoders');
    const forgotten = decoders.filter(({ id }) => !/\b(?:decoderContract|fuzzDecoder)\(/.test(readTests(folder, id)));
    const advice = 'call decoderContract in the test of each of these, or fuzzDecoder where the suite does not fit';
    expect(
      forgotten.map(({ id }) => id),
      advice,
    ).toEqual([]);
  });

  it('reaches every collector of the registry', () => {
    const folder = join(ROOT, 'test/collectors');
    const forgotten = collectors.filter((collector) => {
      const bySuite = canBeFuzzed(collector) && /\bcollectorContract\(/.test(readTests(folder, collector.id));
      return !bySuite && !hasTarget('collector', collector.id);
    });
    const advice =
      'call collectorContract in the test of each of these; one that reads neither files nor recordings needs a row ' +
      'in test/fuzz/targets';
    expect(
      forgotten.map(({ id }) => id),
      advice,
    ).toEqual([]);
  });

  it('has rows for decoders that exist', () => {
    const ids = decoders.map(({ id }) => id);
    expect(Object.keys(DECODER_INPUTS).filter((id) => !ids.includes(id))).toEqual([]);
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
