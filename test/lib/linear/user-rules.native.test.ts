import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRegex } from '../../../src/lib/linear/parse-regex.ts';
import { loadRe2, renderRe2 } from '../../../src/lib/linear/re2.ts';
import { ROOT } from '../../cli/run-bowerbird.ts';
import { tries } from '../../property/runs.ts';

/** A folder whose node_modules holds re2; without it re2 is installed first: a download, or some minutes of a C++ compiler. */
const GIVEN = process.env['BOWERBIRD_TEST_RE2'] ?? '';
const MINUTES = 60_000;
/** The one that users may install: `package.json` names no other. */
const VERSION = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { peerDependencies: { re2: string } })
  .peerDependencies.re2;

const RULE = `provider: evil
name: Evil
remediation: Revoke it.
rules:
  - id: evil-key
    title: Evil
    pattern: 'key=(?<secret>(a+)+b)'
    confidence: high
    severity: high
    credential: {type: api_key, lifetime: unknown, environment: live}
    examples: {match: ['key=aaab'], no-match: ['key=c']}
`;

describe('with the real re2', () => {
  let folder = '';
  let isInstalled = true;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bowerbird-re2-'));
    if (GIVEN === '') {
      writeFileSync(join(folder, 'package.json'), '{"private": true}');
      isInstalled =
        spawnSync('npm', ['install', '--no-audit', '--no-fund', `re2@${VERSION}`], {
          cwd: folder,
          stdio: 'ignore',
          timeout: 15 * MINUTES,
        }).status === 0;
    } else symlinkSync(join(GIVEN, 'node_modules'), join(folder, 'node_modules'));
    cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  }, 20 * MINUTES);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (args: readonly string[], cwd: string) =>
    spawnSync(process.execPath, [join(folder, 'dist', 'cli.cjs'), ...args], { cwd, encoding: 'utf8' });

  it('is what rules of the user run on, and doctor says so', ({ skip }) => {
    if (!isInstalled) skip('re2 cannot be installed here: no prebuilt binary, and no C++ compiler');
    const tree = join(folder, 'tree');
    mkdirSync(join(tree, '.bowerbird', 'rules'), { recursive: true });
    writeFileSync(join(tree, '.bowerbird', 'rules', 'evil.yaml'), RULE);
    const line = `key=${'a'.repeat(40)}`;
    writeFileSync(join(tree, 'x.txt'), `${`${line}c\n`.repeat(2000)}${line}b\n`);
    const scanned = run(
      ['scan', '.', '--json', '--exclude', '.bowerbird/**', '--only', 'evil-key', '--threads', '2'],
      tree,
    );
    const { findings } = JSON.parse(scanned.stdout) as {
      readonly findings: readonly { readonly locations: unknown }[];
    };
    expect(findings.map(({ locations }) => locations)).toMatchObject([[{ startLine: 2001 }]]);
    expect(scanned.stdout).not.toContain('rule-timeout');
    // A value of one letter is a placeholder: found, and not counted.
    expect(scanned.status).toBe(0);
    expect(run(['doctor'], tree).stdout).toContain('run on re2');
  });

  it('finds what V8 finds', ({ skip }) => {
    if (!isInstalled) skip('re2 cannot be installed here');
    const re2 = loadRe2(join(folder, 'dist'));
    if (re2 === undefined) throw new Error('re2 does not load');
    const atom = fc.constantFrom(
      'a',
      'B',
      '.',
      '[^a]',
      '\\s',
      '\\w',
      '\\d',
      '[\\s-]',
      '^',
      '$',
      '\\b',
      '(?<g>a|b.)',
      '(?:ab|a)',
    );
    const times = fc.constantFrom('', '', '*', '+', '?', '{1,3}', '*?', '+?');
    const term = fc.tuple(atom, times).map(([one, many]) => (/^(?:[\^$]|\\b|\(\?<)/.test(one) ? one : one + many));
    const pattern = fc.array(term, { minLength: 1, maxLength: 5 }).map((terms) => terms.join(''));
    const text = fc.array(fc.constantFrom('a', 'b', 'B', ' ', '\xa0', '\r', '\n', '\xe9', '1'), { maxLength: 10 });
    fc.assert(
      fc.property(pattern, text, fc.boolean(), (source, characters, ignoreCase) => {
        if (source.split('(?<g>').length > 2) return;
        const part = parseRegex(source, ignoreCase);
        const rendered = part && renderRe2(part);
        if (rendered === undefined) return;
        const found = new re2(rendered, 'd').exec(characters.join(''));
        const wanted = new RegExp(source, ignoreCase ? 'di' : 'd').exec(characters.join(''));
        const spansOf = (match: RegExpExecArray | null) => match && [match.indices?.[0], match.indices?.groups?.['g']];
        expect({ source, found: spansOf(found) }).toEqual({ source, found: spansOf(wanted) });
      }),
      tries(2_000),
    );
  });
});
