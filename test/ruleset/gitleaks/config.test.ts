import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/model/errors.ts';
import { type GitleaksConfig, readGitleaksConfig } from '../../../src/ruleset/gitleaks/index.ts';

const FILES: Readonly<Record<string, string>> = {
  'base.toml': `
[[rules]]
id = "acme-base"
description = "Base"
regex = '''base_[a-z]{8}'''
keywords = ["base_"]
tags = ["one"]
[[rules]]
id = "acme-off"
regex = '''off_[a-z]{8}'''
[allowlist]
stopwords = ["Dummy"]
`,
  'loop.toml': `[extend]\npath = "loop.toml"\n`,
};

function read(text: string): Promise<GitleaksConfig> {
  return readGitleaksConfig(text, '.gitleaks.toml', async (path) => FILES[path]);
}

async function errorOf(text: string): Promise<string> {
  const error: unknown = await read(text).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).message;
}

describe('rules', () => {
  test('every field that has a counterpart is taken over', async () => {
    const { rules, entries, warnings } = await read(`title = "ours"
[[rules]]
id = "acme-token"
description = "Acme token"
regex = '''(?i)acme[_-](key)=([a-z0-9]{20})'''
secretGroup = 2
entropy = 3.2
keywords = ["ACME_", "acme-"]
path = '''(?i)\\.php$'''
tags = ["vcs"]
skipReport = true
`);
    expect(rules).toHaveLength(1);
    expect(rules[0]).toMatchObject({
      id: 'acme-token',
      title: 'Acme token',
      pattern: 'acme[\\-_](?:key)=(?<secret>[0-9a-z]{20})',
      ignoreCase: true,
      literals: ['acme_', 'acme-'],
      checks: [
        { check: 'entropy', options: { min: 3.2 } },
        { check: 'path-pattern', options: { only: '\\.[Pp][Hh][Pp]$' } },
      ],
      credential: { public: true },
      tags: ['custom', 'vcs'],
      trusted: false,
      source: '.gitleaks.toml:2',
    });
    expect(entries).toEqual([]);
    expect(warnings).toEqual([]);
  });

  test('keywords that need not stand in the match are no literals, and that is said', async () => {
    const { rules, warnings } = await read(`[[rules]]\nid = "a"\nregex = '''[a-z]{20}'''\nkeywords = ["acme"]\n`);
    expect(rules[0]?.literals).toEqual([]);
    expect(warnings).toEqual([
      '.gitleaks.toml:4: rule a: its keywords need not stand in the match, so they do not limit it',
    ]);
  });

  test('alternatives with a group each become several rules, and allowlists follow', async () => {
    const { rules, entries } = await read(`[[rules]]
id = "two"
regex = '''aaa=(\\d{8})|bbb=(\\d{9})'''
[[rules.allowlists]]
stopwords = ["x"]
[[allowlists]]
targetRules = ["two"]
paths = ["^docs/"]
`);
    expect(rules.map((rule) => rule.id)).toEqual(['two', 'two-2']);
    expect(entries.map((entry) => entry.ruleIds)).toEqual([
      ['two', 'two-2'],
      ['two', 'two-2'],
    ]);
  });

  test('a required rule becomes a companion', async () => {
    const { rules, warnings } = await read(`
[[rules]]
id = "acme-id"
regex = '''id_[0-9]{6}'''
[[rules]]
id = "acme-pair"
regex = '''key_[0-9]{6}'''
[[rules.required]]
id = "acme-id"
withinLines = 4
[[rules.required]]
id = "acme-none"
withinColumns = 10
`);
    expect(rules[1]?.companions).toEqual([
      { rule: 'acme-id', as: 'acme_id', withinLines: 4, required: true },
      { rule: 'acme-none', as: 'acme_none', withinLines: 1_000_000, required: true },
    ]);
    expect(warnings.join('\n')).toMatch(
      /distance to acme-none in columns does nothing[\s\S]*acme-none is not in this file/,
    );
  });

  test('what is not loaded or does nothing is named', async () => {
    const { rules, warnings } = await read(`
[[rules]]
id = "only-path"
path = '''\\.p12$'''
[[rules]]
id = "partial"
regexx = '''a'''
`);
    expect(rules).toEqual([]);
    expect(warnings).toEqual([
      '.gitleaks.toml:2: rule only-path has only a path; it is not loaded, because Bowerbird reports contents',
      '.gitleaks.toml:7: rule partial: the field "regexx" is not known and does nothing (did you mean "regex"?)',
      '.gitleaks.toml:5: rule partial has no regex: it only changes a rule of another set; it is not loaded, because Bowerbird reports contents',
    ]);
  });

  test.each([
    [
      `[[rules]]\nid = "a"\nregex = '''a(?=b)'''`,
      /^\.gitleaks\.toml:3: rule a: the regex cannot be read: a group that Go does not have/,
    ],
    [`[[rules]]\nregex = "a"`, /^\.gitleaks\.toml:1: a rule has no id/],
    [`[[rules]]\nid = "a"\nregex = 3`, /^\.gitleaks\.toml:3: "regex" is not a string/],
    [`[[rules]]\nid = "a"\nregex = "b"\nkeywords = "c"`, /:4: "keywords" is not a list of strings/],
    [`[[rules]]\nid = "a"\nregex = "b"\nsecretGroup = 1`, /secretGroup is 1, but the pattern has 0 groups/],
    [
      `[[rules]]\nid = "a"\nregex = "b"\n[[rules]]\nid = "a"\nregex = "c"`,
      /^\.gitleaks\.toml:5: rule a is defined twice/,
    ],
    [
      `[[rules]]\nid = "a"\nregex = "b"\n[[rules.allowlists]]\ndescription = "x"`,
      /:4: allowlist of rule a has no part/,
    ],
    [
      `[[rules]]\nid = "a"\nregex = "b"\n[[rules.allowlists]]\npaths = ["("]`,
      /:5: allowlist of rule a, paths: the pattern cannot be read/,
    ],
    [
      `[allowlist]\nregexes = ["a"]\nregexTarget = "lines"`,
      /:3: global allowlist: regexTarget is "lines"; write secret, match or line/,
    ],
    [`[allowlist]\npaths = ["a"]\ncondition = "XOR"`, /:3: global allowlist: condition is "XOR"; write AND or OR/],
    ['rules = [', /^\.gitleaks\.toml:1:\d+: not valid TOML/],
    ['[extend]\npath = "none.toml"', /^\.gitleaks\.toml:2: extend.path: cannot read none.toml/],
  ])('mistake %# is one line with its place', async (text, message) => {
    expect(await errorOf(text)).toMatch(message);
  });
});

describe('allowlists', () => {
  test('OR is one entry per part, AND one entry', async () => {
    const { entries } = await read(`
[[rules]]
id = "acme"
regex = '''acme_[a-z]{8}'''
[[rules.allowlists]]
description = "either"
commits = ["ABC "]
paths = ['''(?i)^test/''']
regexes = ['''^acme_a''']
stopwords = ["Dummy"]
[[rules.allowlists]]
condition = "AND"
regexTarget = "line"
paths = ['''\\.md$''']
regexes = ['''example''']
`);
    const common = { kind: 'allowlist', ruleIds: ['acme'] };
    expect(entries).toEqual([
      { ...common, reason: 'either', source: '.gitleaks.toml:5', commits: ['abc'] },
      { ...common, reason: 'either', source: '.gitleaks.toml:5', paths: ['^[Tt][Ee][Ss][Tt]/'] },
      { ...common, reason: 'either', source: '.gitleaks.toml:5', patterns: ['^acme_a'], target: 'secret' },
      { ...common, reason: 'either', source: '.gitleaks.toml:5', stopwords: ['dummy'] },
      {
        ...common,
        reason: 'allowed in .gitleaks.toml',
        source: '.gitleaks.toml:11',
        paths: ['\\.md$'],
        patterns: ['example'],
        target: 'line',
      },
    ]);
  });

  test('the old singular tables are read too', async () => {
    const { entries } = await read(`
[allowlist]
paths = ["a"]
[[rules]]
id = "acme"
regex = '''acme_[a-z]{8}'''
[rules.allowlist]
stopwords = ["b"]
`);
    expect(entries.map(({ ruleIds, source }) => [ruleIds, source])).toEqual([
      [['acme'], '.gitleaks.toml:7'],
      [undefined, '.gitleaks.toml:2'],
    ]);
  });
});

describe('extend', () => {
  test('rules of another file come along, change in parts and can be turned off', async () => {
    const config = await read(`
[extend]
path = "base.toml"
disabledRules = ["acme-off", "generic-api-key"]
[[rules]]
id = "acme-base"
description = "Ours"
tags = ["two"]
`);
    expect(config.rules).toHaveLength(1);
    expect(config.rules[0]).toMatchObject({
      title: 'Ours',
      pattern: '(?<secret>base_[a-z]{8})',
      tags: ['custom', 'one', 'two'],
    });
    expect(config.entries).toMatchObject([{ stopwords: ['dummy'], source: 'base.toml:11' }]);
    expect(config.disabled).toEqual(['generic-api-key']);
    expect(config.usesDefault).toBe(false);
  });

  test('useDefault is told, depth is bounded, nothing is fetched', async () => {
    expect((await read('[extend]\nuseDefault = true\n')).usesDefault).toBe(true);
    expect((await read('[extend]\npath = "loop.toml"\n')).warnings.join()).toMatch(/more than 2 files deep/);
    expect((await read('[extend]\nurl = "https://x.test"\n')).warnings).toEqual([
      '.gitleaks.toml:2: extend: nothing is fetched; write path',
    ]);
  });
});

describe('betterleaks', () => {
  const rule = (filter: string): string =>
    `[[rules]]\nid = "acme"\nregex = '''acme_[a-z]{8}'''\nfilter = '''\n${filter}\n'''\n`;

  test('alternatives of a filter become checks and entries', async () => {
    const { rules, entries, warnings } = await read(
      rule(`// words
entropy(finding["secret"]) <= 3.5
|| filter.containsAny(finding.secret, ["Example", 'b"c'])
|| (matchesAny(finding["line"], [\`(?i)demo\`, "a\\\\.b"]) && filter.matchesAny(attributes[?"path"].orValue(""), [r"""\\.md$"""]))`),
    );
    expect(rules[0]?.checks).toEqual([{ check: 'entropy', options: { min: 3.5 } }]);
    expect(warnings).toEqual([]);
    expect(entries).toMatchObject([
      { stopwords: ['example', 'b"c'], ruleIds: ['acme'] },
      { patterns: ['[Dd][Ee][Mm][Oo]', 'a\\.b'], target: 'line', paths: ['\\.md$'], ruleIds: ['acme'] },
    ]);
  });

  test('what cannot be expressed is a warning with rule, field and text', async () => {
    const { rules, entries, warnings } = await read(
      `${rule('failsTokenEfficiency(finding["secret"]) || !containsAny(finding["secret"], ["a"])')}validate = 'http.get("https://x")'\ntokenEfficiency = true\n`,
    );
    expect(rules).toHaveLength(1);
    expect(entries).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^\.gitleaks\.toml:7: rule acme: "validate" has no counterpart and does nothing: live checks/,
      ),
      expect.stringMatching(/^\.gitleaks\.toml:8: rule acme: "tokenEfficiency" has no counterpart/),
      expect.stringMatching(
        /^\.gitleaks\.toml:4: rule acme, filter cannot be expressed and does nothing: failsTokenEfficiency/,
      ),
      expect.stringMatching(/does nothing: !containsAny/),
    ]);
  });

  test('components and the filters of the whole file', async () => {
    const { rules, entries } = await read(`
prefilter = 'matchesAny(attributes["path"], ["^vendor/"])'
filter = 'containsAny(finding.match, ["a+b"])'
[[rules]]
id = "user"
regex = '''user_[a-z]{8}'''
[[rules]]
id = "acme"
regex = '''acme_[a-z]{8}'''
components = [{ id = "user", within = "5L", optional = true }]
`);
    expect(rules[1]?.companions).toEqual([{ rule: 'user', as: 'user', withinLines: 5, required: false }]);
    expect(entries).toMatchObject([{ patterns: ['a\\+b'], target: 'match' }, { paths: ['^vendor/'] }]);
  });
});

test('places are found past multi-line strings that look like headers', async () => {
  const { rules } = await read(`[[rules]]
id = "a"
regex = '''
[[rules]]
id = "x"
'''
[[rules]]
id = "b"
regex = "bbb"
`);
  expect(rules.map((rule) => rule.source)).toEqual(['.gitleaks.toml:1', '.gitleaks.toml:7']);
});
