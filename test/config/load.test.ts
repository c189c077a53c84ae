import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/config/config.ts';
import { loadConfig, parseConfig } from '../../src/config/load.ts';
import type { PolicyFiles } from '../../src/config/policy-files.ts';

function filesOf(texts: Readonly<Record<string, string>>): PolicyFiles {
  const read = async (path: string): Promise<string | undefined> => texts[path];
  return { prefix: '', read, readNamed: read, list: async () => [] };
}

const problem = (text: string) =>
  parseConfig(text, 'bb.yaml').then(
    () => '',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('loadConfig', () => {
  it('gives defaults without a file and for an empty file', async () => {
    expect(await loadConfig(filesOf({}))).toEqual(DEFAULT_CONFIG);
    expect(await loadConfig(filesOf({ '.bowerbird.yaml': '# nothing\n' }))).toMatchObject({ pack: 'default' });
  });

  it('reads every key', async () => {
    const text = `
rules: { pack: strict, only: [a], except: [b], folders: [rules] }
exclude: ['vendor/**']
fail-on: high
allow-gaps: 3
exposure: private
fingerprint-key: 0123456789abcdef
inline-comments: false
read-foreign-config: false
thresholds: { rotation.max_age_days: 30 }
limits: { file-bytes: 1000 }
allow:
  - { reason: samples, paths: ['docs/**'], words: [EXAMPLE], owner: me, expires: 2027-01-01 }
`;
    const config = await loadConfig(filesOf({ 'x.yaml': text }), 'x.yaml');
    expect(config).toMatchObject({
      pack: 'strict',
      only: ['a'],
      except: ['b'],
      failOn: 'high',
      allowGaps: 3,
      exposure: 'private',
      inlineComments: false,
      foreign: false,
      fingerprintKey: '0123456789abcdef',
      limits: { 'file-bytes': 1000 },
    });
    expect(config.allow[0]).toMatchObject({ reason: 'samples', stopwords: ['example'], source: 'x.yaml:13' });
    expect(config.allow[0]?.globs).toEqual(['docs/**']);
  });

  it('says that a named file does not exist', async () => {
    await expect(loadConfig(filesOf({}), 'gone.yaml')).rejects.toThrow(/gone.yaml: no such file/);
  });

  it.each([
    ['fail-on: extreme', /bb.yaml:1:\d+: fail-on: .*low, medium, high, critical/],
    ['a: 1\nexclude: x', /bb.yaml:1:\d+: the file: unknown key "a"\. Known: rules, exclude/],
    ['thresholds: {unused.dayz: 3}', /bb.yaml:1:\d+: thresholds: unknown key "unused.dayz"\. Known: rotation/],
    ['exclude:\n  - ok\n  - 7', /bb.yaml:3:\d+: exclude\.1: must be string/],
    ['allow:\n  - reason: too wide', /bb.yaml:2:\d+: allow\.0: /],
    ['allow:\n  - { reason: x, patterns: ["("] }', /bb.yaml:2:\d+: allow\.0\.patterns\.0: not a regular expression/],
    ['exclude: [docs, "["]', /bb.yaml:1:17: exclude\.1: the glob "\[" has a "\[" without "\]"/],
    ['allow:\n  - { reason: x, paths: ["*.{a"] }', /bb.yaml:2:\d+: allow\.0\.paths\.0: the glob "\*\.\{a" has a "\{"/],
    ['allow: [', /bb.yaml:1:\d+: /],
    ['a: &a [x]\nb: [*a, *a', /bb.yaml:\d+:\d+: /],
  ])('refuses %j with file, line and what is known', async (text, message) => {
    expect(await problem(text)).toMatch(message);
  });

  it('refuses an alias bomb at once', async () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level},`.repeat(9)}]`,
    );
    expect(await problem(['l0: &l0 [x]', ...levels].join('\n'))).toMatch(/alias/i);
  });
});

describe('a pattern that is no regular expression', () => {
  it('is named by its place, never repeated: it may hold the value that it accepts', async () => {
    const value = 'x9Kf'.repeat(5);
    const text = `allow:\n  - reason: x\n    patterns: ['(${value}: ']\n`;
    const failure = await parseConfig(text, 'c.yaml').catch((error: unknown) => String(error));
    expect(failure).toContain('c.yaml:3:16: allow.0.patterns.0: not a regular expression: Unterminated group');
    expect(failure).not.toContain(value);
  });
});
