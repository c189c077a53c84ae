import { parseIgnoreFile } from '../../../src/config/ignore-file.ts';
import { readInlineComment } from '../../../src/config/inline.ts';
import { parseDetectSecretsBaseline } from '../../../src/config/legacy/detect-secrets.ts';
import { parseGitleaksBaseline, parseGitleaksIgnore } from '../../../src/config/legacy/gitleaks.ts';
import { parseConfig } from '../../../src/config/load.ts';
import { parseBaseline } from '../../../src/engine/plan/policy.ts';
import { expandTemplate } from '../../../src/lib/template/expand.ts';
import { readGitleaksConfig } from '../../../src/ruleset/gitleaks/index.ts';
import { parseYamlFile } from '../../../src/ruleset/read/yaml-file.ts';
import type { FuzzTarget } from '../shared/fuzz.ts';
import { PASSWORD, TOKEN } from '../shared/secrets.ts';

const ID = expandTemplate('s-{hex:20}', 'test/fuzz/id');
const SHA1 = expandTemplate('{hex:40}', 'test/fuzz/sha1');

const CONFIG = `rules: { pack: default, only: [github-*], except: [a-b], folders: [.bowerbird/rules] }
exclude: ['*.min.js', 'vendor/**', 'a{b,c}/[a-z]?']
fail-on: high
allow-gaps: 3
exposure: private
fingerprint-key: ${PASSWORD}
inline-comments: true
thresholds: { unused.days: 30 }
limits: { file-bytes: 1000000, decode-depth: 4 }
allow:
  - reason: "test keys"
    owner: a
    expires: 2027-01-31
    paths: ['test/**']
    patterns: ['^${TOKEN}$', '(a|b)+c']
    target: secret
    words: [${PASSWORD}]
    commits: [${SHA1}]
`;

const IGNORE = `# accepted\n${ID} reason="known \\"one\\"" owner=a expires=2027-01-31\n${SHA1.slice(0, 32)} reason=${PASSWORD}\n`;
const FIELDS = ['reason=', 'owner=', 'expires=', '2027-13-45', '\\"', `${ID} `, '\r\n', '# ', PASSWORD];

const DETECT_SECRETS = JSON.stringify({
  version: '1.5.0',
  results: {
    'a/b.py': [{ type: 'x', filename: 'a/b.py', hashed_secret: SHA1, is_verified: false, line_number: 3 }],
    'c(d.py': [{ hashed_secret: SHA1, is_secret: true }],
  },
});
const GITLEAKS = JSON.stringify([
  { RuleID: 'a', File: 'a.env', StartLine: 1, Secret: TOKEN, Fingerprint: 'a.env:a:1' },
  { RuleID: 'b', File: 'b.env', StartLine: 2, Secret: 'REDACTED' },
]);
const JSON_PIECES = [
  '{"results":',
  '[{',
  '}]',
  '"Secret":',
  `"${PASSWORD}"`,
  'null',
  '1e999',
  '"__proto__":',
  '"hashed_secret":',
];

const TOML = `title = "t"
[extend]
useDefault = true
disabledRules = ["x"]
[[rules]]
id = "acme"
regex = '''(?i)acme[_-]([a-z0-9]{20})\\b'''
secretGroup = 1
entropy = 3.5
keywords = ["acme", "${PASSWORD}"]
path = '''\\.env$'''
[[rules.allowlists]]
condition = "AND"
regexes = ['''${TOKEN}''', '''^x{1,30}$''']
paths = ['''test/''']
stopwords = ["example"]
[allowlist]
description = "global"
commits = ["${SHA1}"]
`;
const TOML_PIECES = [
  '[[rules]]\n',
  '[extend]\npath = "b.toml"\n',
  'id = "a"\n',
  'regex = "(?P<x>a)"\n',
  "'''",
  '"""',
  '\n[a.b]\n',
  'secretGroup = 9\n',
  '(?i:',
  '\\p{Greek}',
  '{1,1000}',
  '[[:alpha:]]',
  `x = ${PASSWORD}\n`,
];

const RULES = `provider: acme
name: Acme
rules:
  - id: acme-key
    title: Acme key
    pattern: 'acme_(?<secret>[a-z0-9]{20})'
    context: { words: [acme] }
    checks: [entropy]
    examples: { match: ['acme_{lower-alnum:20}'] }
`;
const YAML_PIECES = [
  'a: ',
  '- ',
  '&x ',
  '*x ',
  '!!set ',
  '<<: *x\n',
  '? ',
  '|\n',
  '>-\n',
  '%YAML 1.2\n---\n',
  '...\n',
  '\t',
  `*${PASSWORD} `,
  `!<${PASSWORD}> `,
];

/** Files with which a repository steers a scan: a mistake in them is an error that names the place. */
export const POLICY: readonly FuzzTarget[] = [
  {
    name: 'configuration',
    seeds: [CONFIG, 'exclude: [a]\n', JSON.stringify({ allow: [{ reason: 'x', words: [PASSWORD] }] })],
    pieces: [...YAML_PIECES, 'allow:\n', '  - reason: x\n', '    patterns: ["', 'exclude: [', 'limits: {'],
    read: async (input) => {
      await parseConfig(input.toString('utf8'), '.bowerbird.yaml');
    },
  },
  {
    name: 'ignore file',
    seeds: [IGNORE],
    pieces: FIELDS,
    read: (input) => {
      parseIgnoreFile(input.toString('utf8'), '.bowerbirdignore', 'ignore-file');
    },
  },
  {
    name: 'baseline',
    seeds: [IGNORE, DETECT_SECRETS, GITLEAKS],
    pieces: [...FIELDS, ...JSON_PIECES],
    read: (input) => {
      parseBaseline(input.toString('utf8'), '.bowerbird-baseline', 'key');
    },
  },
  {
    name: 'baseline of detect-secrets',
    seeds: [DETECT_SECRETS],
    pieces: JSON_PIECES,
    read: (input) => {
      parseDetectSecretsBaseline(input.toString('utf8'), '.secrets.baseline');
    },
  },
  {
    name: 'baseline of gitleaks',
    seeds: [GITLEAKS],
    pieces: JSON_PIECES,
    read: (input) => {
      parseGitleaksBaseline(input.toString('utf8'), 'report.json', 'key');
    },
  },
  {
    name: '.gitleaksignore',
    seeds: [`a.env:rule:1\n${SHA1}:a/b.env:rule:2\n# c\n`],
    pieces: [SHA1, ':', '\\', '\r\n'],
    read: (input) => {
      parseGitleaksIgnore(input.toString('utf8'), '.gitleaksignore');
    },
  },
  {
    name: '.gitleaks.toml',
    seeds: [TOML, '[extend]\npath = "base.toml"\n'],
    pieces: TOML_PIECES,
    read: async (input) => {
      const text = input.toString('utf8');
      const { warnings } = await readGitleaksConfig(text, '.gitleaks.toml', async () => text);
      return warnings;
    },
  },
  {
    name: 'rules in YAML',
    seeds: [RULES],
    pieces: YAML_PIECES,
    read: async (input) => {
      const { problems } = await parseYamlFile('rules.yaml', input.toString('utf8'));
      return problems;
    },
  },
  {
    name: 'comment that accepts a line',
    seeds: [`key = "${TOKEN}" # bowerbird:allow reason="a test" -->`, 'x // gitleaks:allow'],
    pieces: ['bowerbird:allow ', 'reason=', ' -->', ' */', 'pragma: allowlist secret'],
    read: (input) => {
      readInlineComment(input.toString('utf8'), 'a:1');
    },
  },
];
