import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { knownNames } from '../../src/engine/plan/known-names.ts';
import type { RuleCatalogue } from '../../src/model/rule.ts';
import { findRulesDir, loadBuiltinCatalogue, loadBuiltinWithExamples } from '../../src/ruleset/builtin.ts';
import { makeCatalogue, serialiseExamples } from '../../src/ruleset/catalogue.ts';
import { readCatalogue, serialiseCatalogue } from '../../src/ruleset/catalogue-file.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bowerbird-catalogue-'));
});
afterEach(() => rm(dir, { recursive: true }));

const HERE = import.meta.dirname;
const RULES = `provider: acme
name: Acme
references: [https://acme.example/]
rules:
  - id: acme-one
    title: One
    pattern: acme_(?<secret>[a-z]{20})
    examples: {match: ['acme_{lower:20}'], no-match: ['acme_{lower:19}']}
  - id: acme-two
    title: Two
    pattern: acme2_(?<secret>[a-z]{20})
    examples: {match: ['acme2_{lower:20}'], no-match: ['acme2_{lower:19}']}
`;

/** A source tree with `rules/` beside the folder of the running file. */
async function makeTree(): Promise<string> {
  await mkdir(join(dir, 'tree', 'rules', 'detection'), { recursive: true });
  await mkdir(join(dir, 'tree', 'src', 'cli'), { recursive: true });
  await writeFile(join(dir, 'tree', 'rules', 'detection', 'acme.yaml'), RULES);
  return join(dir, 'tree', 'src', 'cli');
}

test('the hash follows the content of rules, not where they are written', async () => {
  const catalogue = await loadBuiltinCatalogue(await makeTree());
  const packs = catalogue.packs ?? [];
  const moved = catalogue.detection.map((rule) => ({ ...rule, source: 'elsewhere:1' })).toReversed();
  expect(makeCatalogue({ ...catalogue, detection: moved, packs }).hash).toBe(catalogue.hash);
  const changed = catalogue.detection.map((rule, index) =>
    index === 0 ? { ...rule, severity: 'low' as const } : rule,
  );
  expect(makeCatalogue({ ...catalogue, detection: changed, packs }).hash).not.toBe(catalogue.hash);
});

test('the built file holds the rules without examples, and gives them back when asked', async () => {
  const catalogue = await loadBuiltinCatalogue(await makeTree());
  await writeFile(join(dir, 'catalogue.jsonl'), serialiseCatalogue(catalogue));
  await writeFile(join(dir, 'examples.json'), serialiseExamples(catalogue));
  const built = await loadBuiltinCatalogue(dir);
  expect(built.hash).toBe(catalogue.hash);
  expect(built.detection.map((rule) => rule.pattern)).toEqual(catalogue.detection.map((rule) => rule.pattern));
  expect(built.detection.every((rule) => rule.examples.match.length === 0)).toBe(true);
  expect(Object.isFrozen(built.detection)).toBe(true);
  const { digests, packHashes, ...whole } = await loadBuiltinWithExamples(dir);
  expect({ digests: digests?.size, packHashes }).toEqual({ digests: 0, packHashes: {} });
  expect(whole).toEqual(catalogue);
  expect(readCatalogue(Buffer.from(serialiseCatalogue(built)))).toEqual(built);
});

test('a rule that is read late has every part of the rule that was written', async () => {
  const folder = join(HERE, '..', '..', 'src', 'cli');
  const written = await loadBuiltinCatalogue(folder, knownNames());
  const text = Buffer.from(serialiseCatalogue(written));
  const [whole, late] = [readCatalogue(text), readCatalogue(text, true)];
  for (const kind of ['detection', 'posture'] as const) {
    expect(JSON.stringify(late[kind])).toBe(JSON.stringify(whole[kind]));
    for (const [at, rule] of whole[kind].entries()) {
      const other = late[kind][at] as unknown as Readonly<Record<string, unknown>>;
      for (const [name, part] of Object.entries(rule)) expect(other[name]).toEqual(part);
      expect(Object.isFrozen(other)).toBe(true);
    }
  }
  const hashOf = ({ detection, posture }: RuleCatalogue): string =>
    makeCatalogue({ detection, posture, packs: [] }).hash;
  expect(hashOf(late)).toBe(hashOf(whole));
});

test('without a built file the rules folder is found upwards', () => {
  expect(findRulesDir(HERE)).toBe(join(HERE, '..', '..', 'rules'));
  expect(() => findRulesDir(dir)).toThrow(/no catalogue.jsonl/);
});
