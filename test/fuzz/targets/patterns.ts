import { expect } from 'vitest';
import { parseLfsPointer } from '../../../src/collectors/shared/lfs.ts';
import { compileOwnerPattern, ownsPath } from '../../../src/correlate/codeowners-pattern.ts';
import { evaluate, type HclFile, type HclValue, readHcl, readHclJson } from '../../../src/lib/hcl/index.ts';
import { isPrivateAddress } from '../../../src/lib/http/address.ts';
import { compileBounded } from '../../../src/lib/linear/pattern.ts';
import { compileGlob, globProblem } from '../../../src/lib/patterns/glob.ts';
import { matchesWildcard } from '../../../src/lib/patterns/wildcard.ts';
import { expandTemplate, TemplateError } from '../../../src/lib/template/expand.ts';
import { isYamlProblem, readYaml } from '../../../src/lib/yaml/read.ts';
import { globMatches } from '../../../src/permissions/aws/match.ts';
import { Re2Error } from '../../../src/ruleset/gitleaks/re2-tree.ts';
import { translatePlainRegex, translateRuleRegex } from '../../../src/ruleset/gitleaks/regex.ts';
import type { FuzzTarget } from '../shared/fuzz.ts';
import { PASSWORD } from '../shared/secrets.ts';

const PATH = `src/app/${'a'.repeat(300)}/main.test.ts`;
const REGEX_PIECES = [
  '(',
  ')',
  '(?:',
  '(?i)',
  '(?P<a>',
  '(?<a>',
  '(?=',
  '(?!',
  '(?<=',
  '\\1',
  '\\k<a>',
  '[^',
  ']',
  '[a-z]',
  '{1,1000}',
  '{,',
  '*',
  '+',
  '?',
  '|',
  '^',
  '$',
  '\\b',
  '\\p{L}',
  '\\x{10ffff}',
  '\\Q',
  '\\E',
  '[[:alpha:]]',
  '.',
  'a',
];
const SIZED = '(((a{1,200}){1,200}){1,200}){1,200}';

const HCL = `resource "aws_iam_user" "a" {
  name = "a-\${local.b[0].c}"
  tags = { owner = "x", "k" : 1 }
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = ["s3:*"] }] })
  password = "${PASSWORD}"
  count = var.x ? 1 : -2.5e3
  text = <<-EOT
    one \${a} %{ if b }two%{ endif }
  EOT
}
locals { b = [for x in [1, 2] : upper(x)] } # end
`;
const HCL_JSON = JSON.stringify({
  resource: { aws_iam_user: { a: { name: '${local.b}', password: PASSWORD } } },
  '//': ['x', 1, null, true],
});
const HCL_PIECES = [
  '${',
  '%{',
  '<<EOT\n',
  'EOT\n',
  '/*',
  '*/',
  '//',
  'for ',
  ' in ',
  ' : ',
  ' => ',
  '...',
  'jsonencode(',
  '"k" = ',
  'a.b[0].c',
  '\\u00',
  '-1e999',
  'resource "a" "b" {\n',
  '}\n',
];

/** What in a text says how other texts are taken: patterns, notations, addresses. */
export const PATTERNS: readonly FuzzTarget[] = [
  {
    name: 'glob',
    seeds: ['src/**/*.{ts,tsx}', '[!a-z]?/**', '{a,{b,c}}/*/', 'a[z-a]b'],
    pieces: ['**/', '**', '*', '?', '[', ']', '{', ',', '}', '/', '[!', 'a-'],
    read: (input) => {
      const text = input.toString('utf8');
      const glob = compileGlob(text);
      globProblem(text);
      for (const path of [PATH, text.slice(0, 2_000), '']) expect(typeof glob.matches(path)).toBe('boolean');
    },
  },
  {
    name: 'pattern of CODEOWNERS, and wildcards',
    seeds: ['/docs/**/*.md', 'apps/', '*', 'a*b*c*d?', 'arn:aws:iam::*:role/*'],
    pieces: ['**/', '*', '?', '/', ':', 'a'],
    read: (input) => {
      const text = input.toString('utf8').slice(0, 5_000);
      for (const path of [PATH, text]) {
        ownsPath(compileOwnerPattern(text), path);
        matchesWildcard(text, path);
        globMatches(text, path);
      }
    },
  },
  {
    name: 'regular expression of a user',
    seeds: ['^(a|b)+c$', '(?<x>a)\\k<x>', SIZED, '(a*)*$', '[\\s\\S]{0,100}x'],
    pieces: REGEX_PIECES,
    throws: [SyntaxError],
    read: (input) => {
      const pattern = compileBounded(input.toString('utf8').slice(0, 10_000));
      for (const text of [PATH, `${'a'.repeat(2_000)}!`]) pattern.test(text);
    },
  },
  {
    name: 'regular expression of Go',
    seeds: ['(?i)acme[_-]([a-z0-9]{20})\\b', '(?P<secret>[[:alnum:]]{8})|(b)', '\\Qa.b\\E\\p{Greek}', SIZED],
    pieces: REGEX_PIECES,
    throws: [Re2Error],
    read: (input) => {
      const text = input.toString('utf8').slice(0, 10_000);
      const { source } = translatePlainRegex(text);
      new RegExp(source);
      for (const one of translateRuleRegex(text, 0, ['acme']).patterns) new RegExp(one.source);
    },
  },
  { name: 'HCL', seeds: [HCL], pieces: HCL_PIECES, read: (input) => checkHcl(input, readHcl) },
  {
    name: 'HCL in JSON',
    seeds: [HCL_JSON],
    pieces: [...HCL_PIECES, '{"resource":', '[{', '"a":'],
    read: (input) => checkHcl(input, readHclJson),
  },
  {
    name: 'YAML with places',
    seeds: ['a: &x [1, {b: c}]\nd: *x\n', `key: ${PASSWORD}\n`],
    pieces: ['- ', '? ', ': ', '&x ', '*x ', '|\n ', '<<: *x\n', `*${PASSWORD}\n`],
    read: async (input) => {
      const result = await readYaml(input.toString('utf8'));
      if (isYamlProblem(result)) return result.message;
      expect(result.place(['a', 0, 'b']).start.line).toBeGreaterThan(0);
      return undefined;
    },
  },
  {
    name: 'template of an example',
    seeds: ['key={base62:20-40} {uuid} {any-of:abc:3} {{x}}', 'ghp_{github-crc:36}'],
    pieces: ['{', '}', '{{', ':', '-', 'base62', 'hex:99999999', 'any-of:'],
    throws: [TemplateError],
    read: (input) => {
      expect(expandTemplate(input.toString('utf8').slice(0, 3_000), 'seed').length).toBeLessThan(50_000_000);
    },
  },
  {
    name: 'address of a host',
    seeds: ['10.0.0.1', '::ffff:127.0.0.1', 'fe80::1%eth0', '2001:db8::1'],
    pieces: ['::', '.', '0x7f', 'ffff:', '%', '999'],
    read: (input) => {
      isPrivateAddress(input.toString('utf8'));
    },
  },
  {
    name: 'pointer of Git LFS',
    seeds: [`version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`],
    pieces: ['oid sha256:', 'size ', '-1', '\n'],
    read: (input) => {
      const pointer = parseLfsPointer(input);
      if (pointer !== undefined) expect(JSON.stringify(pointer).length).toBeLessThan(1_000);
    },
  },
];

/** Problems and spans lie inside the text, and every value can be evaluated. */
function checkHcl(input: Buffer, read: (text: string) => HclFile): unknown {
  const text = input.toString('utf8');
  const { body, problems } = read(text);
  const lines = text.split('\n');
  for (const { line, column } of problems) {
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
  }
  checkBody(body, text.length);
  return problems.map(({ message }) => message);
}

function checkBody({ attributes, blocks }: HclFile['body'], length: number): void {
  for (const { start, end, value } of attributes) {
    checkSpan(start, end, length);
    checkSpan(value.start, value.end, length);
    evaluateValue(value);
  }
  for (const { start, end, body } of blocks) {
    checkSpan(start, end, length);
    checkBody(body, length);
  }
}

function checkSpan(start: number, end: number, length: number): void {
  expect(start).toBeGreaterThanOrEqual(0);
  expect(end).toBeGreaterThanOrEqual(start);
  expect(end).toBeLessThanOrEqual(length);
}

function evaluateValue(value: HclValue): void {
  const unknown = Symbol('unknown');
  let left = 10_000;
  evaluate<symbol>(value, {
    unknown: () => unknown,
    isUnknown: (one): one is symbol => one === unknown,
    spend: () => left-- > 0,
  });
}
