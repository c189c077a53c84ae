import { describe, expect, it } from 'vitest';
import { makeFolder, sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { itRarely } from '../it-rarely.ts';

const STARS = '*a*a*a*a*a*a*a*a*a*b';
const NAME = `${'a'.repeat(200)}.txt`;
const SLOW = 60_000;

async function scan(files: Readonly<Record<string, string>>, ...args: string[]) {
  const { folder, remove } = await makeFolder(files);
  return runBowerbird(['scan', '.', '--json', ...args], { cwd: folder, env: { BOWERBIRD_NO_CODE_CACHE: '1' } }).finally(
    remove,
  );
}

const ROW = `token ${sampleToken('linear')}\n`;
const MORE = ['b', 'c', 'd'].map((seed) => `token ${sampleToken(seed)}\n`).join('');
const RULE = `provider: acme
name: Acme
remediation: Do it.
rules:
  - id: acme-token
    title: Token of Acme
    severity: high
    confidence: high
    pattern: '(?<secret>token)'
    paths: { only: ["${STARS}"], not: ["**/${STARS}/**/${STARS}"] }
    examples: { match: [{ text: token, path: 'aaaaaaaaaaab' }], no-match: [x] }
`;
const TOML = `[[rules]]
id = "mine"
regex = '''token'''
path = '''^(a+)+$'''
[allowlist]
paths = ['''^(a+)+b$''', '''^(a|aa)+c''']
regexes = ['''^(g|gh|h)+_x$''']
`;

/** V8 compiles it for minutes, and no time limit stops that. */
const OPTIONAL = `${'a?'.repeat(155)}bcdef`;
const REFERS_BACK = RULE.replace('(?<secret>token)', `(?<secret>to(?<k>k)\\k<k>en${OPTIONAL})`).replace(
  / {4}paths.*\n/,
  '',
);

type Pattern = readonly [what: string, files: Readonly<Record<string, string>>, args: readonly string[]];

const RARE: readonly Pattern[] = [
  ['path, paths and regexes of gitleaks', { '.gitleaks.toml': TOML }, []],
  ['a pattern of CODEOWNERS', { CODEOWNERS: `${STARS.repeat(20)} @me\n/**/**/**/**/**/**/**/x @me\n` }, []],
  ['a glob of an allow entry', { '.bowerbird.yaml': `allow: [{ reason: x, paths: ["${STARS}"] }]\n` }, []],
  ['a glob of --exclude', {}, ['--exclude', STARS]],
];

describe('patterns that a repository brings', () => {
  async function expectQuick(...[, files, args]: Pattern): Promise<void> {
    const result = await scan({ ...files, [NAME]: ROW }, ...args);
    expect(result.stdout).toContain('"ruleId":"github-');
    expect(result.code).toBe(1);
  }

  it.each<Pattern>([
    ['a glob of exclude', { '.bowerbird.yaml': `exclude: ["${STARS}"]\n` }, []],
    ['paths of a rule', { '.bowerbird/rules/acme.yaml': RULE }, []],
    // V8 compiles it at its second use.
    [
      'a pattern of an allow entry',
      { '.bowerbird.yaml': `allow: [{ reason: x, patterns: ['^(?=g)${OPTIONAL}'] }]\n`, 'more.txt': MORE },
      [],
    ],
  ])('%s take no time', expectQuick, SLOW);
  itRarely.each(RARE)('%s take no time', expectQuick, SLOW);

  it('a rule that refers back and compiles for minutes is refused', async () => {
    const { code, stderr } = await scan({
      '.bowerbird/rules/acme.yaml': REFERS_BACK,
      'a.txt': `tokken${'a'.repeat(200)}`,
    });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/acme\.yaml:9:.*too many optional parts/)]);
  });
});
