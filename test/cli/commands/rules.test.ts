import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RulesArgs, runRules } from '../../../src/cli/commands/rules.ts';
import { UsageError } from '../../../src/model/errors.ts';
import { DIST } from '../run-bowerbird.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bowerbird-cli-rules-'));
});
afterEach(() => rm(dir, { recursive: true }));

async function run(args: RulesArgs): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = '';
  let err = '';
  const code = await runRules(args, {
    home: DIST,
    cwd: dir,
    now: () => new Date('2026-11-22T00:00:00Z'),
    stdout: (text) => {
      out += text;
      return undefined;
    },
    stderr: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

const RULE = `provider: acme
name: Acme
rules:
  - id: acme-key
    title: Acme key
    pattern: (?<![a-z])(?<secret>acme_[a-z0-9]{20})(?![a-z0-9])
    examples:
      match: ['acme_{lower-alnum:20}']
      no-match: ['acme_{lower-alnum:19}']
`;

describe('list and show', () => {
  test('list names every rule, and one pack of them', async () => {
    const all = await run({ action: 'list' });
    expect(all.code).toBe(0);
    expect(all.out).toMatch(/^github-pat-classic +critical +high +\S/m);
    expect(all.out).toMatch(/\d+ detection rules, \d+ posture rules\n$/);
    const pack = JSON.parse((await run({ action: 'list', pack: 'hook', json: true })).out);
    expect(pack).toContainEqual(expect.objectContaining({ id: 'github-pat-classic', kind: 'detection' }));
    expect(pack.every((rule: { kind: string; confidence: string }) => rule.confidence !== 'low')).toBe(true);
  });

  test('show tells all about one rule, with templates and no live-shaped value', async () => {
    const { out, code } = await run({ action: 'show', id: 'github-pat-classic' });
    expect(code).toBe(0);
    expect(out).toMatch(/^github-pat-classic: GitHub/);
    for (const label of ['pattern', 'severity', 'credential', 'remediation', 'reference', 'source']) {
      expect(out).toMatch(new RegExp(`^${label} `, 'm'));
    }
    expect(out).not.toMatch(/ghp_[0-9A-Za-z]{36}/);
    expect(JSON.parse((await run({ action: 'show', id: 'github-pat-classic', json: true })).out).provider).toBe(
      'github',
    );
  });

  test('an unknown id or pack names the nearest', async () => {
    await expect(run({ action: 'show', id: 'github-pat-clasic' })).rejects.toThrow(/did you mean "github-pat-classic"/);
    await expect(run({ action: 'list', pack: 'hok' })).rejects.toThrow(UsageError);
  });
});

describe('test', () => {
  test('runs the examples of a rule by id', async () => {
    const { out, code } = await run({ action: 'test', targets: ['github-pat-classic'] });
    expect(out).toMatch(/^ok {3}github-pat-classic match 1$/m);
    expect(out).toMatch(/^\d+ examples, 0 failed$/m);
    expect(code).toBe(0);
  });

  test('runs a file of the user, and fails on a promise that is not kept', async () => {
    await writeFile(join(dir, 'acme.yaml'), RULE);
    expect(await run({ action: 'test', targets: ['./acme.yaml'] })).toEqual({
      code: 0,
      out: 'ok   acme-key match 1\nok   acme-key no-match 1\n2 examples, 0 failed\n',
      err: '',
    });
    await writeFile(join(dir, 'acme.yaml'), RULE.replace('lower-alnum:19', 'lower-alnum:20'));
    const failed = await run({ action: 'test', targets: ['acme.yaml'] });
    expect(failed.code).toBe(2);
    expect(failed.out).toMatch(/^FAIL acme-key no-match 1: matches, and no check drops or lowers it$/m);
    const json = JSON.parse((await run({ action: 'test', targets: ['acme.yaml'], json: true })).out);
    expect(json.results).toHaveLength(2);
  });

  test('running nothing is not a success', async () => {
    await writeFile(join(dir, 'acme.yaml'), RULE.replace(/ {4}examples[\s\S]*/, ''));
    const { code, err } = await run({ action: 'test', targets: ['acme.yaml'] });
    expect([code, err]).toEqual([2, 'bowerbird: no example was run.\n']);
  });
});

describe('lint', () => {
  test('prints every problem with its place and exits 2', async () => {
    await writeFile(
      join(dir, 'acme.yaml'),
      RULE.replace('title: Acme key', 'titel: Acme key').replace('{20})(', '+)('),
    );
    const { code, out } = await run({ action: 'lint', path: 'acme.yaml' });
    expect(code).toBe(2);
    expect(out).toMatch(/^acme\.yaml:5:5: .*no field "titel" \(did you mean "title"\?\)/m);
    expect(out).toMatch(/^acme\.yaml:4:5: .*lacks "title"; add it/m);
  });

  test('warnings alone do not fail', async () => {
    await writeFile(join(dir, 'acme.yaml'), RULE.replace('{20})(', '{20,})('));
    const { code, out } = await run({ action: 'lint', path: 'acme.yaml' });
    expect(out).toMatch(/^acme\.yaml:6:14: warning: .*no upper end/m);
    expect(out).toMatch(/^1 rules, 0 errors, 1 warnings$/m);
    expect(code).toBe(0);
  });

  test('a rule that stays silent in binaries is named, unless its tag says that this is meant', async () => {
    const short = RULE.replaceAll('{20}', '{2}').replace(':20}', ':2}').replace(':19}', ':1}');
    await writeFile(join(dir, 'acme.yaml'), short);
    const { code, out } = await run({ action: 'lint', path: 'acme.yaml' });
    expect(out).toMatch(/^acme\.yaml:4:1: warning: rule acme-key: .*less than 48 bits.*not applied in binaries/m);
    expect(code).toBe(0);
    await writeFile(join(dir, 'acme.yaml'), short.replace('    title', '    tags: [text-only]\n    title'));
    expect((await run({ action: 'lint', path: 'acme.yaml' })).out).toMatch(/^1 rules, 0 errors, 0 warnings$/m);
    await writeFile(join(dir, 'acme.yaml'), RULE);
    expect((await run({ action: 'lint', path: 'acme.yaml' })).out).toMatch(/^1 rules, 0 errors, 0 warnings$/m);
  });

  test('a file of the repository itself is linted as built-in', async () => {
    const path = join(import.meta.dirname, '..', '..', '..', 'rules', 'packs');
    expect((await run({ action: 'lint', path })).out).toMatch(/^0 rules, 0 errors/m);
    await expect(run({ action: 'lint', path: 'none.yaml' })).rejects.toThrow(/no such file or folder/);
  });
});
