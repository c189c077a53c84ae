import { expect, it } from 'vitest';
import { checkGlobs } from '../../../src/engine/plan/check-globs.ts';
import { UsageError } from '../../../src/model/errors.ts';

it('refuses a glob that would match nothing, by flag and glob', () => {
  expect(() => checkGlobs('--exclude', ['*.md', '['])).toThrow(UsageError);
  expect(() => checkGlobs('--exclude', ['*.md', '['])).toThrow(`--exclude '[': the glob has a "[" without "]"`);
  expect(() => checkGlobs('--exclude', ['*.md', 'docs/**'])).not.toThrow();
});
