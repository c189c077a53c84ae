import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigError } from '../../src/model/errors.ts';
import { readGitleaksConfig } from '../../src/ruleset/gitleaks/index.ts';
import { inspectRules } from '../../src/ruleset/load.ts';
import { parseYamlFile } from '../../src/ruleset/read/yaml-file.ts';
import { itRarely } from '../it-rarely.ts';
import { tries } from '../property/runs.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bowerbird-hostile-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function inspect(text: string): Promise<number> {
  const path = join(dir, 'rules.yaml');
  await writeFile(path, text);
  return (await inspectRules({ userDirs: [path] })).problems.length;
}

const RULE = {
  id: 'acme-key',
  title: 'Acme',
  pattern: 'acme_(?<secret>[a-z]{9})',
  context: { words: ['acme'] },
  checks: ['entropy', { entropy: { min: 3 } }],
  companions: [{ rule: 'acme-key', as: 'a', 'within-lines': 1 }],
  credential: { type: 'api_key', lifetime: 1, environment: 'any' },
  keys: { host: 'secret' },
  examples: { match: ['a', { text: 'b' }], 'no-match': [] },
};
const POSTURE = {
  id: 'p',
  title: 'P',
  'applies-to': ['webhook'],
  when: { all: [{ attribute: 'a', equals: 1 }, { not: { any: [{ attribute: 'b', exists: true }] } }] },
  severity: 'low',
  message: 'm',
  examples: { fail: [{ type: 'webhook', attributes: {} }] },
};

/** Puts a junk value in place of one part of a tree of plain data. */
function spoil(value: unknown, junk: unknown, steps: readonly number[]): unknown {
  const [step = 0, ...rest] = steps;
  if (steps.length === 0 || typeof value !== 'object' || value === null) return junk;
  const entries = Object.entries(value);
  const at = step % Math.max(1, entries.length);
  const spoiled = entries.map(([key, item], index) => [key, index === at ? spoil(item, junk, rest) : item] as const);
  return Array.isArray(value) ? spoiled.map((entry) => entry[1]) : Object.fromEntries(spoiled);
}

itRarely('a rule file with any one value spoiled is judged, never a crash', async () => {
  const junk = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom('(', '[', '(?<secret>', '\\', '__proto__', '{secret}'),
  );
  const steps = fc.array(fc.nat(20), { maxLength: 5 });
  const file = fc.constantFrom<unknown>({ provider: 'acme', name: 'Acme', rules: [RULE] }, POSTURE);
  await fc.assert(
    fc.asyncProperty(file, junk, steps, async (value, item, path) => {
      expect(await inspect(JSON.stringify(spoil(value, item, path)))).toBeGreaterThanOrEqual(0);
    }),
    tries(80),
  );
});

test('any text is YAML with a value, or problems', async () => {
  const piece = fc.constantFrom(
    'a: ',
    '- ',
    '&x ',
    '*x ',
    '[',
    ']',
    '{',
    '}',
    '|\n',
    '  ',
    '\n',
    '"',
    "'",
    '? ',
    '!!set ',
    '<<: ',
    '1',
    '%YAML',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
      const { yaml, problems } = await parseYamlFile('x.yaml', pieces.join(''));
      expect(yaml === undefined).toBe(problems.length > 0);
      expect(yaml?.locate(['a', 0, 'b']).line ?? 1).toBeGreaterThan(0);
    }),
  );
});

test.each([
  ['lists', '['.repeat(50_000)],
  ['maps', Array.from({ length: 2000 }, (_, index) => `${' '.repeat(index)}a:`).join('\n')],
  ['conditions', `when: ${'{not: '.repeat(3000)}{attribute: a, equals: 1}${'}'.repeat(3000)}`],
])('deep nesting of %s is refused', async (_, text) => {
  const { yaml, problems } = await parseYamlFile('x.yaml', text);
  expect(yaml).toBeUndefined();
  expect(problems.length).toBeGreaterThan(0);
});

test('any TOML text gives a configuration or a ConfigError', async () => {
  const piece = fc.constantFrom(
    ...[
      '[[rules]]\n',
      '[extend]\n',
      '[allowlist]\n',
      '[[rules.allowlists]]\n',
      'id = "a"\n',
      'id = "b"\n',
      'regex = "a(b)"\n',
    ],
    ...[
      'regex = 1\n',
      'path = "x"\n',
      'keywords = ["a"]\n',
      'regexes = ["("]\n',
      'stopwords = []\n',
      "filter = 'a || b'\n",
    ],
    ...[
      '[[rules.required]]\n',
      'id = ""\n',
      '"__proto__" = 1\n',
      'condition = "AND"\n',
      '[[\n',
      '"""\n',
      'entropy = "x"\n',
    ],
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
      const result: unknown = await readGitleaksConfig(pieces.join(''), 'x.toml', async () => undefined).catch(
        (error: unknown) => error,
      );
      if (result instanceof Error) expect(result).toBeInstanceOf(ConfigError);
    }),
    tries(1_000),
  );
});
