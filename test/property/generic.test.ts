import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupMatches } from '../../src/correlate/groups.ts';
import { indexKeys } from '../../src/correlate/key-index.ts';
import { expandTemplate } from '../../src/lib/template/expand.ts';
import { headOf } from '../../src/model/rule-head.ts';
import { allRules, findSecrets, genericRules, scanText } from './generic-rules.ts';
import { runs, tries } from './runs.ts';

const NAMES = ['api_key', 'clientSecret', 'ACCESS_TOKEN', 'auth-token', 'db_password', 'smtpPasswd', 'ENCRYPTION_KEY'];
const FORMS: readonly (readonly [path: string, form: string])[] = [
  ['src/a.ts', 'const NAME = "VALUE";'],
  ['src/a.py', "NAME = 'VALUE'"],
  ['a.json', '"NAME": "VALUE",'],
  ['a.json', '"{\\"NAME\\":\\"VALUE\\"}"'],
  ['a.php', "'NAME' => 'VALUE',"],
  ['a.go', 'NAME := `VALUE`'],
  ['a.rs', 'let NAME: &str = "VALUE";'],
  ['a.rb', 'options["NAME"] = "VALUE"'],
  ['a.java', 'setter.setNAME("VALUE");'],
  ['a.html', '<a NAME="VALUE">'],
  ['.env', 'NAME=VALUE'],
  ['a.sh', 'export NAME=VALUE'],
  ['a.yml', '  NAME: VALUE'],
  ['a.ini', 'NAME = VALUE'],
  ['a.properties', 'acme.NAME=VALUE'],
  ['a.xml', '<NAME>VALUE</NAME>'],
  ['a.yml', '- name: NAME\n  value: "VALUE"'],
  ['a.sh', 'acme login --NAME VALUE'],
];

describe('generic rules', () => {
  test('find a drawn value under a name in every syntax, and its exact place', () => {
    const cases = fc.record({
      name: fc.constantFrom(...NAMES),
      form: fc.constantFrom(...FORMS),
      length: fc.integer({ min: 24, max: 64 }),
      seed: fc.integer(),
    });
    let missed = 0;
    let total = 0;
    fc.assert(
      fc.property(cases, ({ name, form: [path, form], length, seed }) => {
        const value = expandTemplate(`{base62:${length}}`, `generic/${seed}`);
        const text = `first line\n${form.replaceAll('NAME', name).replace('VALUE', value)}\nlast line\n`;
        const found = findSecrets(text, path);
        total++;
        if (found.length === 0) missed++;
        for (const { match } of found) {
          expect(match.secret.reveal()).toBe(value);
          expect(text.split('\n')[match.location.startLine - 1]?.slice(match.location.startColumn - 1)).toMatch(value);
        }
      }),
      // A share of so many: fewer say too little.
      { ...tries(3200), numRuns: Math.max(200, runs(3200)), seed: 20261122 },
    );
    // A drawn value may hold a sample word, or no digit.
    expect(missed / total).toBeLessThan(0.02);
  });

  test('never report a reference or words at all', () => {
    const words = fc.constantFrom(
      'acme',
      'primary',
      'storage',
      'settings',
      'production',
      'account',
      'reader',
      'default',
    );
    const shapes = fc.constantFrom(
      (list: readonly string[]) => `\${${list.join('_').toUpperCase()}}`,
      (list: readonly string[]) => `{{ ${list.join('.')} }}`,
      (list: readonly string[]) => list.join('-'),
      (list: readonly string[]) => list.join('.'),
      (list: readonly string[]) => `/etc/${list.join('/')}`,
      (list: readonly string[]) => `https://${list.join('.')}/token`,
      (list: readonly string[]) => `<${list.join(' ')}>`,
    );
    const cases = fc.record({
      name: fc.constantFrom(...NAMES),
      form: fc.constantFrom(...FORMS),
      list: fc.array(words, { minLength: 2, maxLength: 4 }),
      shape: shapes,
    });
    fc.assert(
      fc.property(cases, ({ name, form: [path, form], list, shape }) => {
        const text = form.replaceAll('NAME', () => name).replace('VALUE', () => shape(list));
        expect(findSecrets(text, path).map(({ match }) => `${match.ruleId}: ${text}`)).toEqual([]);
      }),
      { ...tries(600), seed: 20261122 },
    );
  });

  test('take time that grows with the text, not faster', () => {
    const units = [
      'password',
      'token=',
      'secret: "',
      'api_key',
      '--token ',
      'curl -u a',
      '"pwd",',
      'password\t',
      'key a',
    ];
    for (const unit of units) {
      for (const rule of genericRules) {
        const measure = (size: number): number => {
          const text = unit.repeat(Math.ceil(size / unit.length));
          const pattern = new RegExp(rule.pattern, 'dgi');
          const start = performance.now();
          Array.from(text.matchAll(pattern));
          return performance.now() - start;
        };
        measure(4096);
        expect(measure(65_536), `${rule.id} on ${JSON.stringify(unit)}`).toBeLessThan(1000);
      }
    }
  });
});

describe('beside a rule of a provider', () => {
  const rules = new Map(allRules.map((rule) => [rule.id, headOf(rule)]));

  function groupText(text: string, path: string) {
    const matches = scanText(allRules, text, path).map(({ match }) => match);
    return groupMatches(matches, rules, 'key of this test', indexKeys([])).groups;
  }

  test.each(['.aws/credentials', 'config/aws.ini', 'docs/setup.md'])(
    'an AWS secret key is one finding (%s)',
    (path) => {
      const secret = expandTemplate('{base64:40}', 'generic/aws');
      const id = expandTemplate('{aws-key-id:AKIA}', 'generic/aws');
      const groups = groupText(`aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`, path);
      const found = groups.filter((group) => group.secret.reveal() === secret);
      expect(found).toHaveLength(1);
      expect(found[0]?.rule.id).toBe('aws-secret-access-key');
      expect(found[0]?.alsoMatched.some((id_) => id_.startsWith('generic-'))).toBe(true);
    },
  );

  test.each([
    ['github-pat-classic', 'token = "ghp_{github-crc:36}"'],
    ['github-pat-classic', 'Authorization: Bearer ghp_{github-crc:36}'],
  ])('%s wins', (ruleId, template) => {
    const groups = groupText(expandTemplate(template, 'generic/github'), 'src/a.ts');
    expect(groups.map((group) => group.rule.id)).toEqual([ruleId]);
  });
});
