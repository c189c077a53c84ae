import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTree } from '../../src/detect/analyse/tree.ts';
import { ByteMatcher } from '../../src/detect/fast/byte-matcher.ts';
import { compilePack } from '../../src/detect/fast/compile-pack.ts';
import type { PackedRule } from '../../src/detect/fast/pack.ts';
import { openPack } from '../../src/detect/fast/serialise.ts';
import { createFastDetector } from '../../src/detect/fast.ts';
import { createReferenceDetector } from '../../src/detect/reference.ts';
import { expandTemplate } from '../../src/lib/template/expand.ts';
import { headOf } from '../../src/model/rule-head.ts';
import { expandExample } from '../../src/ruleset/examples.ts';
import { DIST } from '../cli/run-bowerbird.ts';
import { makeRule } from '../detect/make-rule.ts';
import { itRarely } from '../it-rarely.ts';
import { hostileWindows } from '../rules/hostile-windows.ts';
import { allRules, genericRules, ROOT } from './generic-rules.ts';
import { runs, tries } from './runs.ts';

/** Looks that one try may take at each byte of a hostile window. */
const READS_PER_BYTE = 30;
/** Shorter windows count as this long, bytes. */
const WINDOW_LEAST = 64;

const set = fc.constantFrom('a', 'b', 'A', '1', '=', '[ab]', '[a-c1]', '[^b]', '[ \\t]', '\\w', '[\\s\\S]', '["\']');
const run = fc
  .tuple(set, fc.nat(3), fc.nat(6), fc.constantFrom('', '?'))
  .map(([one, min, more, lazy]) => `${one}{${min},${Math.max(1, min + more)}}${lazy}`);
const look = fc.constantFrom(
  '(?![ab])',
  '(?=[ab=])',
  '(?<![a1])',
  '(?<=[ab1])',
  '(?<!ab|1)',
  '(?<=ab|=)',
  '(?<=a[ab](?<!ab))',
  '(?=a{0,3}(?:b|$))',
  '(?!a{1,3}=)',
  '^',
  '$',
  '\\b',
  '\\B',
);
const { pattern } = fc.letrec<{ pattern: string; part: string; choice: string; repeated: string }>((tie) => ({
  part: fc.oneof({ depthSize: 'small', withCrossShrink: true }, set, run, run, look, tie('choice'), tie('repeated')),
  choice: fc
    .array(fc.array(tie('part'), { maxLength: 3 }), { minLength: 2, maxLength: 4 })
    .map((options) => `(?:${options.map((parts) => parts.join('')).join('|')})`),
  repeated: fc
    .tuple(fc.array(tie('part'), { minLength: 1, maxLength: 3 }), fc.nat(2), fc.nat(2), fc.constantFrom('', '?'))
    .map(([parts, min, more, lazy]) => `(?:${parts.join('')}){${min},${Math.max(1, min + more)}}${lazy}`),
  pattern: fc.array(tie('part'), { minLength: 1, maxLength: 5 }).map((parts) => nameGroups(parts).join('')),
}));
const text = fc
  .array(fc.constantFrom('a', 'b', 'A', '1', '=', ' ', '\t', '"', "'", 'ab', 'aab1', 'é', '\n', 'x'), { maxLength: 24 })
  .map((parts) => parts.join(''));

/** Some parts of a pattern become named groups. */
function nameGroups(parts: readonly string[]): readonly string[] {
  return parts.map((part, index) =>
    index % 2 === 1 ? `(?<${index === 1 ? 'secret' : `part${index}`}>${part})` : part,
  );
}

async function prepare(source: string, ignoreCase: boolean) {
  // A literal in front gives the rule a window, and so a program.
  const pack = await compilePack([makeRule({ pattern: `zqx${source}`, ignoreCase })]);
  const packed = pack.rules[0] as PackedRule;
  return { matcher: new ByteMatcher(pack), packed };
}

function readSlots(matcher: ByteMatcher, { groups = ['secret'] }: PackedRule): Record<string, unknown> {
  const pairs = groups.map((name, index) => [name, [matcher.slots[2 * index], matcher.slots[2 * index + 1]]] as const);
  return Object.fromEntries(pairs.filter(([, [, end]]) => end !== -1));
}

describe('the matcher on bytes', () => {
  test('matches where the expression matches, as far, and with the same groups', async () => {
    let [tried, compiled] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        pattern,
        fc.array(text, { minLength: 5, maxLength: 12 }),
        fc.boolean(),
        async (source, texts, fold) => {
          tried += 1;
          const { matcher, packed } = await prepare(source, fold);
          if (packed.program === undefined) return;
          compiled += 1;
          const expression = new RegExp(`zqx${source}`, fold ? 'dyi' : 'dy');
          const bytes = Buffer.from(texts.join('zqx'));
          const latin = bytes.toString('latin1');
          for (let place = latin.indexOf('zqx'); place >= 0; place = latin.indexOf('zqx', place + 1)) {
            expression.lastIndex = place;
            const found = expression.exec(latin);
            expect(matcher.match(packed.program, bytes, place)).toBe(found?.indices?.[0]?.[1] ?? -1);
            if (found === null) continue;
            const groups = Object.entries(found.indices?.groups ?? {}).filter(([, span]) => span !== undefined);
            expect(readSlots(matcher, packed)).toEqual(
              Object.fromEntries(groups.map(([name, span]) => [name, [...span]])),
            );
          }
        },
      ),
      tries(800),
    );
    expect(compiled).toBeGreaterThan(tried / 3);
  });

  test.each([
    ['a back-reference', '(?<secret>["\'])a\\k<secret>'],
    ['a lookbehind of no fixed length', '(?<=a{1,3}b)c'],
    ['a repeated part that may be empty', '(?:a?b?){2,3}'],
    ['a group that is repeated', '(?:(?<secret>a)b){2,3}'],
    ['a group in a lookahead', '(?=(?<secret>a))'],
  ])('leaves %s to the expression', async (_, source) => {
    const { packed } = await prepare(source, false);
    expect(packed.program).toBeUndefined();
    const rules = [makeRule({ pattern: `zqx${source}` })];
    const artifact = {
      origin: { collector: 'test', path: 'a' },
      bytes: Buffer.from('zqx"a" zqxab zqxabab zqxc zqxaa'),
    };
    expect((await createFastDetector(rules.map(headOf))).scan(artifact)).toEqual(
      createReferenceDetector(rules).scan(artifact),
    );
  });
});

/** Pieces of assignments: whole ones, halves of them, and what is nearly one. */
const NAMES = [
  'password',
  'PassWd',
  'pass',
  'db_pass',
  'pwd',
  'x-pwd',
  'passphrase',
  'secret',
  'api_key',
  'apikey',
  'x-auth',
  'authToken',
];
const TAILS = [
  '',
  '',
  '_prod',
  'Hash',
  '.value',
  '-',
  '"',
  "']",
  '\\"',
  ': string',
  ' *char',
  ' byte[]',
  '_'.repeat(33),
];
const SIGNS = [
  '=',
  ' = ',
  ':',
  ': ',
  ' := ',
  ' => ',
  '==',
  '!=',
  ',',
  '", "',
  '(',
  ' || ',
  ' ?? ',
  '>',
  ' ',
  '\n  value: ',
  ' : :',
];
const OPENINGS = ['"', "'", '`', '', '["', '[]byte("', 'String::from("', 'b"', '\\"', '\\\\"', '@"', "N'", '(', '"$'];
const ENDS = ['"', "'", '`', '\\"', ';', '\n', ' ', '</', ' # x', '"]', '', ',', '//', '}'];
const value = fc.oneof(
  fc.integer({ min: 0, max: 9 }).map((seed) => expandTemplate('{base62:24}', `byte matcher/${seed}`)),
  fc.string({ maxLength: 12 }),
  fc.constantFrom(
    'x',
    'abcde',
    'abcdef',
    'a b c d e',
    'é'.repeat(8),
    `${'a'.repeat(400)}`,
    `${'b'.repeat(401)}`,
    '--token',
  ),
);
const assignment = fc
  .tuple(
    fc.constantFrom('', ' ', '--', '-', 'my', 'echo "', '<', 'name: '),
    fc.constantFrom(...NAMES),
    fc.constantFrom(...TAILS),
    fc.constantFrom(...SIGNS),
    fc.constantFrom(...OPENINGS),
    value,
    fc.constantFrom(...ENDS),
  )
  .map((parts) => parts.join(''));

describe('rules of the kind "name = value"', () => {
  test('are matched on bytes, and find what the reference finds among near misses', async () => {
    const pack = await compilePack(genericRules);
    expect(pack.rules.filter((rule) => rule.program === undefined).map(({ id }) => id)).toEqual([]);
    const fast = await createFastDetector(genericRules.map(headOf), { pack });
    const reference = createReferenceDetector(genericRules);
    let [tried, found] = [0, 0];
    fc.assert(
      fc.property(fc.array(assignment, { minLength: 1, maxLength: 12 }), fc.nat(300), (lines, start) => {
        tried += 1;
        const bytes = Buffer.from(lines.join(''));
        const artifact = { origin: { collector: 'test', path: 'a.conf' }, bytes };
        const expected = reference.scan(artifact);
        found += expected.length;
        expect(fast.scan(artifact)).toEqual(expected);
        const part = { ...artifact, ranges: [{ start, end: start + 20 }] };
        expect(fast.scan(part)).toEqual(reference.scan(part));
      }),
      tries(1_200),
    );
    expect(found).toBeGreaterThan(tried / 5);
  });

  itRarely(
    'look at few bytes of a hostile window',
    async () => {
      const pack = await compilePack(genericRules);
      for (const [index, rule] of genericRules.entries()) {
        const { program = 0 } = pack.rules[index] as PackedRule;
        const matcher = new ByteMatcher(pack);
        for (const bytes of hostileWindows(await readTree(rule.pattern, true), 512)) {
          for (const place of [0, 1, 5]) {
            const counted = countReads(bytes);
            matcher.match(program, counted.bytes, place);
            const what = `${rule.id} on ${JSON.stringify(Buffer.from(bytes).toString('latin1'))}`;
            expect(counted.reads() / Math.max(bytes.length, WINDOW_LEAST), what).toBeLessThan(READS_PER_BYTE);
          }
        }
      }
    },
    60_000,
  );
});

/** Bytes that count how often they are looked at. */
function countReads(bytes: Uint8Array) {
  let reads = 0;
  const get = (target: Uint8Array, key: string | symbol): unknown => {
    if (key !== 'length') reads += 1;
    return Reflect.get(target, key);
  };
  return { bytes: new Proxy(bytes, { get }), reads: () => reads };
}

itRarely('lines of the labelled corpus give what the reference gives', async () => {
  const lines = readFileSync(join(ROOT, 'fixtures', 'corpus', 'generic.tsv'), 'utf8')
    .trimEnd()
    .split('\n');
  const texts = lines.map((line, index) => expandTemplate(line.split('\t')[2] ?? '', `byte matcher/${index}`));
  const artifact = { origin: { collector: 'test', path: 'a.conf' }, bytes: Buffer.from(texts.join('\n')) };
  const found = (await createFastDetector(genericRules.map(headOf))).scan(artifact);
  expect(found.length).toBeGreaterThan(50);
  expect(found).toEqual(createReferenceDetector(genericRules).scan(artifact));
});

test('every rule of the catalogue finds the same in its own examples', async () => {
  // The pack that ships: to compile one takes seconds.
  const pack = openPack(join(DIST, 'rules.pack')) ?? expect.unreachable();
  const programs = pack.rules.filter((rule) => rule.program !== undefined);
  expect(programs.length).toBeGreaterThan(allRules.length * 0.9);
  const fast = await createFastDetector(allRules.map(headOf), { pack });
  const reference = createReferenceDetector(allRules);
  // Every fourth rule, and all of them in the fuzz lane: the reference takes its time.
  const step = Math.max(1, Math.round(allRules.length / runs(allRules.length)));
  for (const rule of allRules.filter((_, index) => index % step === 0)) {
    const expand = (kind: 'match' | 'noMatch') =>
      rule.examples[kind].map(
        (example, index) => expandExample(rule, kind === 'match' ? 'match' : 'no-match', index, example).text,
      );
    const bytes = Buffer.from([...expand('match'), ...expand('noMatch')].join('\n'));
    const artifact = { origin: { collector: 'test', path: 'a.conf' }, bytes };
    expect(fast.scan(artifact), rule.id).toEqual(reference.scan(artifact));
  }
}, 120_000);
