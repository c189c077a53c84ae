import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/model/errors.ts';
import { readRules } from '../../src/model/rule-head.ts';
import type { KnownNames } from '../../src/ruleset/known.ts';
import { inspectRules, loadCatalogue } from '../../src/ruleset/load.ts';
import { formatProblem } from '../../src/ruleset/problems.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bowerbird-rules-'));
});
afterEach(() => rm(dir, { recursive: true }));

async function write(name: string, text: string): Promise<string> {
  const path = join(dir, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

const MINIMAL = `provider: acme
name: Acme
rules:
  - id: acme-key
    title: Acme key
    pattern: acme_(?<secret>[a-z0-9]{20,40})
`;

const KNOWN: KnownNames = {
  checks: new Map([
    ['entropy', ['min']],
    ['uuid', []],
  ]),
  verifiers: ['github'],
  operators: new Map([
    ['older-than', (operand) => (typeof operand === 'number' ? undefined : 'write a number of days')],
    ['equals', () => undefined],
  ]),
  types: ['deploy_key', 'webhook'],
};

async function problemsOf(text: string, name = 'acme.yaml'): Promise<readonly string[]> {
  const path = await write(name, text);
  const { problems } = await inspectRules({ userDirs: [path], known: KNOWN });
  return problems
    .filter((problem) => problem.severity === 'error')
    .map((problem) => formatProblem(problem).slice(path.length + 1));
}

function withRule(lines: string): string {
  return `${MINIMAL}${lines.replace(/^/gm, '    ')}\n`;
}

describe('a rule of a user', () => {
  test('is complete in three fields; the rest has stated defaults', async () => {
    await write('acme.yaml', MINIMAL);
    const detection = readRules((await loadCatalogue({ userDirs: [dir] })).detection);
    expect(detection).toHaveLength(1);
    expect(detection[0]).toMatchObject({
      id: 'acme-key',
      provider: 'acme',
      trusted: false,
      confidence: 'medium',
      severity: 'high',
      owasp: ['NHI2'],
      literals: [],
      credential: { type: 'api_key', lifetime: 'unknown', environment: 'any', public: false },
      source: `${dir}/acme.yaml:4`,
    });
  });

  test('takes every field of the format', async () => {
    await write(
      'acme.yaml',
      withRule(`description: more
ignore-case: true
literals: [ACME_]
context: {words: [Acme], before: 60, after: 5}
paths: {only: ['*.env'], not: [docs/]}
checks: [uuid, {entropy: {min: 3.5}}]
skip-checks: [uuid]
companions: [{rule: acme-key, as: pair, within-lines: 3, required: true}]
confidence: high
severity: critical
credential: {type: api_key, privilege: {weight: 0.5, why: because}, lifetime: 24, environment: live, public: true}
keys: {host: secret}
owasp: [NHI7]
verifier: github
remediation: turn it
references: [https://example.com/]
tags: [a, b]
overlaps: [acme-key]
examples: {match: ['acme_{lower:20}'], no-match: [{text: 'x {secret}', secret: 'acme', path: a.env}]}`),
    );
    const [rule] = readRules((await loadCatalogue({ userDirs: [dir], known: KNOWN })).detection);
    expect(rule).toMatchObject({
      ignoreCase: true,
      literals: ['acme_'],
      context: { words: ['acme'], before: 60, after: 5 },
      paths: { only: ['*.env'], not: ['docs/'] },
      checks: [
        { check: 'uuid', options: {} },
        { check: 'entropy', options: { min: 3.5 } },
      ],
      skipChecks: ['uuid'],
      companions: [{ rule: 'acme-key', as: 'pair', withinLines: 3, required: true }],
      credential: { privilege: { weight: 0.5, why: 'because' }, lifetime: 24, environment: 'live', public: true },
      keys: { host: 'secret' },
      owasp: ['NHI7'],
      tags: ['a', 'b'],
      examples: { noMatch: [{ text: 'x {secret}', secret: 'acme', path: 'a.env' }] },
    });
  });

  test('inherits remediation, references and tags from its file', async () => {
    await write(
      'acme.yaml',
      MINIMAL.replace('rules:', 'remediation: turn\nreferences: [https://a.test/]\ntags: [x]\nrules:'),
    );
    const [rule] = readRules((await loadCatalogue({ userDirs: [dir] })).detection);
    expect(rule).toMatchObject({ remediation: 'turn', references: ['https://a.test/'], tags: ['x'] });
  });

  test.each([
    ['severty: high', /^7:5: "rules\[1\]" has no field "severty" \(did you mean "severity"\?\)/],
    ['confidence: hgh', /^7:17: .* is "hgh" \(did you mean "high"\?\); write one of high, medium, low/],
    ['checks: {a: 1}', /^7:13: "rules\[1\].checks" is a map; write a list/],
    ['context: {words: [a b], before: 201}', /before" is too large; write 200 or less/],
    ['context: {before: 20}', /^7:14: "rules\[1\].context" lacks "words"; add it/],
    [
      'credential: {type: api_key, lifetime: forever, environment: any}',
      /lifetime" is "forever"; write one of until-revoked/,
    ],
    ['references: [ftp://x]', /write an https address/],
    ['owasp: [NHI11]', /write NHI1 to NHI10/],
    ['checks: [entropi]', /^7:14: rule acme-key: unknown check "entropi" \(did you mean "entropy"\?\)/],
    ['checks: [{entropy: {mim: 3}}]', /check entropy has no option "mim" \(did you mean "min"\?\); write one of min/],
    ['checks: [{uuid: {min: 3}}]', /check uuid has no option "min"; it has none/],
    ['skip-checks: [uid]', /unknown check "uid" \(did you mean "uuid"\?\)/],
    ['verifier: gitub', /unknown verifier "gitub" \(did you mean "github"\?\)/],
    ['keys: {host: hst}', /^7:18: rule acme-key: the pattern has no group "hst"/],
    ['companions: [{rule: acme-kye, as: a, within-lines: 1}]', /unknown rule "acme-kye" \(did you mean "acme-key"\?\)/],
  ])('%s is refused at its place', async (lines, message) => {
    const problems = await problemsOf(withRule(lines));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  test.each([
    ['acme_(?<secret>[a-z]{20}', /^6:14: rule acme-key: the pattern does not compile: Unterminated group/],
    ['acme_[a-z]{20}', /no group "secret"; write \(\?<secret>/],
    ["'acme é (?<secret>[a-z]{20})'", /"é" is not ASCII; write its UTF-8 bytes as \\xc3\\xa9/],
    ['|\n      acme_(?<secret>[a-z]{20})', /ends with a line break; write "\|-"/],
  ])('pattern %s is refused', async (pattern, message) => {
    const problems = await problemsOf(MINIMAL.replace(/pattern: .*/, `pattern: ${pattern}`));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  test('may name a companion as the source of a join key', async () => {
    const companions = 'companions: [{rule: acme-key, as: pair, within-lines: 1}]';
    expect(await problemsOf(withRule(`keys: {host: pair}\n${companions}`))).toEqual([]);
  });

  test('is warned about where one of ours would be refused', async () => {
    await write('acme.yaml', MINIMAL.replace(/acme_.*/, 'a(?<secret>[a-z]+)\\b(?:x)\\1'));
    const warnings: string[] = [];
    await loadCatalogue({ userDirs: [dir], onWarning: (problem) => warnings.push(problem.message) });
    expect(warnings.join('\n')).toMatch(/has no upper end[\s\S]*refers back[\s\S]*no 3 fixed bytes[\s\S]*no example/);
  });
});

describe('a built-in rule', () => {
  test('must be bounded, have a literal, examples and a reference', async () => {
    await write('rules/detection/acme.yaml', MINIMAL.replace(/acme_.*/, 'a(?<secret>[a-z]+)'));
    const { problems } = await inspectRules({ builtinDir: join(dir, 'rules') });
    const errors = problems.filter((problem) => problem.severity === 'error').map((problem) => problem.message);
    expect(errors.join('\n')).toMatch(
      /no upper end[\s\S]*no 3 fixed bytes[\s\S]*matches; add[\s\S]*not match; add[\s\S]*no reference/,
    );
  });

  test('may be found by its context words instead of a literal', async () => {
    const context = (words: string): string => `{words: ${words}}`;
    const rule = (words: string): string => `${MINIMAL.replace('acme_(', '(')}    context: ${context(words)}\n`;
    const messages = async (words: string): Promise<string> => {
      await write('rules/detection/acme.yaml', rule(words));
      const { problems } = await inspectRules({ builtinDir: join(dir, 'rules') });
      return problems.map((problem) => problem.message).join('\n');
    };
    expect(await messages('[acme]')).not.toMatch(/fixed bytes/);
    expect(await messages('[acme, id]')).toMatch(/no 3 fixed bytes/);
  });

  test('stands in the file of its provider and begins with its name', async () => {
    await write('rules/detection/other.yaml', MINIMAL.replace('id: acme-key', 'id: key'));
    const { problems } = await inspectRules({ builtinDir: join(dir, 'rules') });
    const text = problems.map((problem) => problem.message).join('\n');
    expect(text).toMatch(/"provider" is "acme"; write "other"/);
    expect(text).toMatch(/write an id that starts with "acme-"/);
  });
});

describe('posture rules', () => {
  const POSTURE = `id: stale-key
title: Stale
applies-to: [deploy_key]
when:
  all:
    - {attribute: createdAt, older-than: 90}
    - not: {attribute: readOnly, equals: true}
severity: high
message: '{name} is old'
examples:
  fail: [{type: deploy_key, attributes: {createdAt: 2020-01-01}}]
`;

  test('conditions become attribute, operator and operand', async () => {
    await write('stale.yaml', POSTURE);
    const { posture } = await loadCatalogue({ userDirs: [dir], known: KNOWN });
    expect(posture[0]?.rule().when).toEqual({
      all: [
        { attribute: 'createdAt', operator: 'older-than', operand: 90 },
        { not: { attribute: 'readOnly', operator: 'equals', operand: true } },
      ],
    });
    expect(posture[0]?.rule().examples.fail[0]?.attributes).toEqual({ createdAt: '2020-01-01' });
  });

  test.each([
    [
      (text: string) => text.replace('older-than', 'oldr-than'),
      /^6:\d+: .*unknown operator "oldr-than" \(did you mean "older-than"/,
    ],
    [(text: string) => text.replace('90', 'x'), /operator older-than: write a number of days/],
    [(text: string) => text.replace(', older-than: 90', ''), /condition as an attribute with one operator/],
    [(text: string) => text.replace('equals: true', 'equals: true, older-than: 3'), /says too much at once/],
    [
      (text: string) => text.replace('applies-to: [deploy_key]', 'applies-to: [deploy_kye]'),
      /unknown identity type "deploy_kye"/,
    ],
    [(text: string) => text.replace('{type: deploy_key,', '{type: webhook,'), /example is of type "webhook"/],
  ])('mistake %#', async (change, message) => {
    expect((await problemsOf(change(POSTURE))).join('\n')).toMatch(message);
  });

  test('built-in ones are held to prose, and every bound is said in words', async () => {
    const lint = async (more: string): Promise<string> => {
      await write('rules/posture/stale-key.yaml', `${POSTURE}${more}`);
      const { problems } = await inspectRules({ builtinDir: join(dir, 'rules') });
      return problems.map((problem) => formatProblem(problem)).join('\n');
    };
    expect(await lint('')).toMatch(/no "why"[\s\S]*no "remediation"[\s\S]*no reference/);
    const short = await lint('remediation: Turn the key in the settings today.\n');
    expect(short).toContain('"remediation" has 35 characters; write at least 60: what to do, in order');
    expect(await lint(`remediation: Remove all of the keys ${'and then do it again '.repeat(3)}\n`)).toContain(
      'say which ones to remove, and how to tell them',
    );
    expect(await problemsOf(`${POSTURE}remediation: Turn it.\n`)).toEqual(await problemsOf(POSTURE));
  });
});

describe('all files together', () => {
  test('every problem of every file is in one error', async () => {
    await write('a.yaml', MINIMAL);
    await write('b.yaml', `${MINIMAL}  - {id: Bad, title: 3, pattern: x}\n`);
    await write('c.yaml', 'rules: [\n');
    await write('d.yaml', 'hello: 1\n');
    await write('e.yaml', MINIMAL);
    const error: unknown = await loadCatalogue({ userDirs: [dir] }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ConfigError);
    const text = String(error);
    expect(text).toMatch(/b\.yaml:7:10: .*lower-case words/);
    expect(text).toMatch(/b\.yaml:7:22: .*is the number 3; write a string/);
    expect(text).toMatch(/c\.yaml:\d+:\d+: not valid YAML/);
    expect(text).toMatch(/d\.yaml:1:1: not a rule file/);
    expect(text).toMatch(/e\.yaml:4:9: rule acme-key is already defined at .*a\.yaml:4/);
  });

  test('no rule at all is an error, never "clean"', async () => {
    await expect(loadCatalogue({ userDirs: [dir] })).rejects.toThrow(/no rules found/);
    await expect(loadCatalogue({ userDirs: [join(dir, 'none')] })).rejects.toThrow(/no such file or folder/);
  });

  test('duplicate keys, alias bombs and large files are refused', async () => {
    expect(await problemsOf(`${MINIMAL}name: b\n`)).toEqual([
      expect.stringMatching(/^7:\d+: not valid YAML: .*unique/),
    ]);
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (const name of 'bcdefgh')
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${String.fromCharCode(name.charCodeAt(0) - 1)}`)}]`);
    expect((await problemsOf(bomb.join('\n')))[0]).toMatch(/write the values out instead of aliases/);
    expect((await problemsOf(`${MINIMAL}#${'x'.repeat(1024 * 1024)}`))[0]).toMatch(/at most 1048576 are read/);
  });

  test('rules come sorted and frozen, and user rules join a catalogue that is at hand', async () => {
    const first = await write('one/a.yaml', MINIMAL);
    const second = await write('two/b.yaml', MINIMAL.replace('acme-key', 'aaa-key'));
    const base = await loadCatalogue({ userDirs: [first] });
    const both = await loadCatalogue({ base, userDirs: [second] });
    expect(both.detection.map((rule) => rule.id)).toEqual(['aaa-key', 'acme-key']);
    expect(Object.isFrozen(both.detection[0]?.rule().credential)).toBe(true);
    await expect(loadCatalogue({ base, userDirs: [first] })).rejects.toThrow(/already defined at .*a\.yaml:4/);
  });
});
