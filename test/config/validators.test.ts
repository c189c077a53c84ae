import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderConfigValidator, renderRuleValidators, VALIDATORS } from '../../src/build/generated/validators.ts';
import { configValidator } from '../../src/config/validators.generated.ts';
import { ROOT } from '../architecture/source-files.ts';
import { itRarely } from '../it-rarely.ts';

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('validators as code', () => {
  it('are those of the configuration that its schema gives: else run "npm run generate"', () => {
    expect(textOf(VALIDATORS.config)).toBe(renderConfigValidator());
  });

  it('count characters as people do, so fifteen smileys are no key of sixteen', () => {
    expect(configValidator({ 'fingerprint-key': '😀'.repeat(15) })).toBe(false);
    expect(configValidator.errors?.[0]).toMatchObject({ keyword: 'minLength', data: '😀'.repeat(15) });
    expect(configValidator({ 'fingerprint-key': '😀'.repeat(16) })).toBe(true);
  });

  itRarely('are those of rule files that their schema gives', () => {
    expect(textOf(VALIDATORS.rules)).toBe(renderRuleValidators());
  });
});
