import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CompiledRule } from '../../src/model/rule.ts';
import { headOf, readRules } from '../../src/model/rule-head.ts';
import { findRulesDir, loadBuiltinCatalogue, loadBuiltinWithExamples } from '../../src/ruleset/catalogue/builtin.ts';
import { makeCatalogue, serialiseExamples } from '../../src/ruleset/catalogue/catalogue.ts';
import { openCatalogue, readCatalogue, serialiseCatalogue } from '../../src/ruleset/catalogue/catalogue-file.ts';
import { builtIn } from '../rules/built-in.ts';

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
  const rules = readRules(catalogue.detection);
  const moved = rules.map((rule) => headOf({ ...rule, source: 'elsewhere:1' })).toReversed();
  expect(makeCatalogue({ ...catalogue, detection: moved, packs }).hash).toBe(catalogue.hash);
  const changed = rules.map((rule, index) => headOf(index === 0 ? { ...rule, severity: 'low' as const } : rule));
  expect(makeCatalogue({ ...catalogue, detection: changed, packs }).hash).not.toBe(catalogue.hash);
});

test('the built file holds the rules without examples, and gives them back when asked', async () => {
  const catalogue = await loadBuiltinCatalogue(await makeTree());
  await writeFile(join(dir, 'catalogue.jsonl'), serialiseCatalogue(catalogue));
  await writeFile(join(dir, 'examples.json'), serialiseExamples(catalogue));
  const built = await loadBuiltinCatalogue(dir);
  expect(built.hash).toBe(catalogue.hash);
  const [written, read] = [readRules(catalogue.detection), readRules(built.detection)];
  expect(read.map((rule) => rule.pattern)).toEqual(written.map((rule) => rule.pattern));
  expect(read.every((rule) => rule.examples.match.length === 0)).toBe(true);
  expect(Object.isFrozen(built.detection)).toBe(true);
  const whole = await loadBuiltinWithExamples(dir);
  expect(readRules(whole.detection)).toEqual(written);
  expect(readRules(whole.posture)).toEqual(readRules(catalogue.posture));
  expect(whole.packs).toEqual(catalogue.packs);
  expect(serialiseCatalogue(readCatalogue(Buffer.from(serialiseCatalogue(built))))).toBe(serialiseCatalogue(built));
});

test('a head says what its rule says, and reads the rule once', async () => {
  const written = builtIn;
  const built = readCatalogue(Buffer.from(serialiseCatalogue(written, (rule) => `digest of ${rule.id}`)));
  expect(built.detection.map(({ id }) => id)).toEqual(written.detection.map(({ id }) => id));
  for (const head of built.detection) {
    const rule = head.rule();
    expect(head).toMatchObject({ id: rule.id, confidence: rule.confidence, tags: rule.tags });
    expect([head.companions, head.paths, head.digest]).toEqual([rule.companions, rule.paths, `digest of ${rule.id}`]);
    expect(head.rule()).toBe(rule);
    expect([head, head.tags, rule, rule.checks].every(Object.isFrozen)).toBe(true);
  }
  for (const head of built.posture) {
    const { id, confidence, tags, types } = head.rule();
    expect(head).toMatchObject({ id, confidence, tags, types });
    expect(Object.isFrozen(head.rule())).toBe(true);
  }
});

test('an open file gives the rules that it had, also where an update has replaced it', async () => {
  const written = builtIn;
  const path = join(dir, 'catalogue.jsonl');
  await writeFile(path, serialiseCatalogue(written));
  const built = openCatalogue(path);
  // Heads outlive the catalogue, as a selection of rules does.
  const heads = [...built.detection];
  await writeFile(join(dir, 'next'), 'another build');
  await rename(join(dir, 'next'), path);
  expect(readRules(heads)).toEqual(readRules(readCatalogue(Buffer.from(serialiseCatalogue(written))).detection));
});

test('an index of any length is read whole', async () => {
  const path = join(dir, 'catalogue.jsonl');
  const rules = Array.from({ length: 3000 }, (_, at) => ({ ...firstRule(), id: `acme-${at}` }));
  const many = makeCatalogue({ detection: rules.map(headOf), posture: [], packs: [] });
  await writeFile(path, serialiseCatalogue(many));
  expect(openCatalogue(path).detection.map(({ id }) => id)).toEqual(many.detection.map(({ id }) => id));
});

function firstRule(): CompiledRule {
  const rule = builtIn.detection[0]?.rule();
  if (rule === undefined) throw new Error('the product has rules');
  return rule;
}

test('without a built file the rules folder is found upwards', () => {
  expect(findRulesDir(HERE)).toBe(join(HERE, '..', '..', 'rules'));
  expect(() => findRulesDir(dir)).toThrow(/no catalogue.jsonl/);
});
