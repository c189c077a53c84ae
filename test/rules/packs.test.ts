import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { loadBuiltinCatalogue } from '../../src/ruleset/catalogue/builtin.ts';
import { selectRules } from '../../src/ruleset/catalogue/select.ts';
import { CLI } from '../cli/run-bowerbird.ts';

it('no two packs are the same, and each is a part of the default', async () => {
  const catalogue = await loadBuiltinCatalogue(dirname(CLI));
  const idsOf = (pack: string): string[] => {
    const { detection, posture } = selectRules(catalogue, { pack });
    return [...detection, ...posture].map(({ id }) => id);
  };
  const packs = (catalogue.packs ?? []).map(({ id }) => id);
  expect(packs).toEqual(['default', 'hook', 'strict']);
  expect(new Set(packs.map((pack) => idsOf(pack).join())).size).toBe(packs.length);
  const all = new Set(idsOf('default'));
  for (const pack of packs) expect(idsOf(pack).filter((id) => !all.has(id))).toEqual([]);
});

it('strict has rules of high confidence only', async () => {
  const catalogue = await loadBuiltinCatalogue(dirname(CLI));
  const { detection } = selectRules(catalogue, { pack: 'strict' });
  expect(new Set(detection.map(({ confidence }) => confidence))).toEqual(new Set(['high']));
});
