import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { loadBuiltinCatalogue } from '../../src/ruleset/catalogue/builtin.ts';
import { selectRules } from '../../src/ruleset/catalogue/select.ts';
import { CLI } from '../cli/run-bowerbird.ts';

it('no two packs are the same, and each is a part of the default, or the default and more', async () => {
  const catalogue = await loadBuiltinCatalogue(dirname(CLI));
  const idsOf = (pack: string): string[] => {
    const { detection, posture } = selectRules(catalogue, { pack });
    return [...detection, ...posture].map(({ id }) => id);
  };
  const packs = (catalogue.packs ?? []).map(({ id }) => id);
  expect(packs).toEqual(['auditor', 'default', 'hook', 'pedantic', 'strict']);
  expect(new Set(packs.map((pack) => idsOf(pack).join())).size).toBe(packs.length);
  const partOf = (pack: string, whole: string): void => {
    const all = new Set(idsOf(whole));
    expect(idsOf(pack).filter((id) => !all.has(id))).toEqual([]);
  };
  for (const pack of ['hook', 'strict']) partOf(pack, 'default');
  partOf('default', 'pedantic');
  partOf('pedantic', 'auditor');
});

it('strict has rules of high confidence only', async () => {
  const catalogue = await loadBuiltinCatalogue(dirname(CLI));
  const { detection } = selectRules(catalogue, { pack: 'strict' });
  expect(new Set(detection.map(({ confidence }) => confidence))).toEqual(new Set(['high']));
});

it('only the packs pedantic and auditor have rules of these personas', async () => {
  const catalogue = await loadBuiltinCatalogue(dirname(CLI));
  const tagsOf = (pack: string): ReadonlySet<string> =>
    new Set(selectRules(catalogue, { pack }).posture.flatMap(({ tags }) => tags));
  const personas = (pack: string): string[] => ['pedantic', 'auditor'].filter((tag) => tagsOf(pack).has(tag));
  expect(['default', 'hook', 'strict'].flatMap(personas)).toEqual([]);
  expect(personas('pedantic')).toEqual(['pedantic']);
  expect(personas('auditor')).toEqual(['pedantic', 'auditor']);
});
