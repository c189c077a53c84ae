import { describe, expect, it } from 'vitest';
import { parseDetectSecretsBaseline } from '../../../src/config/legacy/detect-secrets.ts';
import { parseGitleaksBaseline, parseGitleaksIgnore } from '../../../src/config/legacy/gitleaks.ts';
import { Secret } from '../../../src/model/secret.ts';

describe('gitleaks', () => {
  it('reads an ignore file with and without commits', () => {
    const commit = 'a'.repeat(40);
    const entries = parseGitleaksIgnore(`# why\nsrc/a.py:aws:3\n\n${commit}:src\\b.py:aws:4\n`, '.gitleaksignore');
    expect(entries).toMatchObject([
      { legacy: { form: 'gitleaks', value: 'src/a.py:aws:3' }, source: '.gitleaksignore:2' },
      { legacy: { value: `${commit}:src/b.py:aws:4` }, commits: [commit] },
    ]);
  });

  it('turns an unredacted secret into a keyed fingerprint at once', () => {
    const text = JSON.stringify([{ RuleID: 'r', File: 'a', StartLine: 1, Secret: 'tr0ub4dor' }]);
    const [entry] = parseGitleaksBaseline(text, 'b.json', 'key');
    expect(entry?.fingerprint).toBe(new Secret('tr0ub4dor').fingerprint('key'));
    expect(JSON.stringify(entry)).not.toContain('tr0ub4dor');
  });

  it('falls back to the place for a redacted one', () => {
    const text = JSON.stringify([{ RuleID: 'r', File: 'a', StartLine: 1, Secret: 'REDACTED' }]);
    expect(parseGitleaksBaseline(text, 'b.json', 'key')).toMatchObject([{ legacy: { value: 'a:r:1' } }]);
  });

  it.each(['{', '{"a":1}', '"text"'])('refuses %j', (text) => {
    expect(() => parseGitleaksBaseline(text, 'b.json', 'key')).toThrow(/b\.json: not/);
  });
});

describe('detect-secrets', () => {
  const hash = 'b'.repeat(40);

  it('reads hashes by file, without those that an auditor called real', () => {
    const items = [
      { hashed_secret: hash },
      { hashed_secret: 'c'.repeat(40), is_secret: true },
      { hashed_secret: 'short' },
    ];
    const entries = parseDetectSecretsBaseline(
      JSON.stringify({ results: { 'src/a(1).py': items } }),
      '.secrets.baseline',
    );
    expect(entries).toHaveLength(1);
    expect(entries[0]?.legacy).toEqual({ form: 'detect-secrets', value: hash, path: 'src/a(1).py' });
  });

  it.each(['[', '[]', '{}', '{"results": 3}'])('refuses %j', (text) => {
    expect(() => parseDetectSecretsBaseline(text, 'b')).toThrow(/not a detect-secrets baseline/);
  });
});
