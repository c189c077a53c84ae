import { describe, expect, test } from 'vitest';
import examplePath from '../../../src/detect/checks/example-path.ts';
import { evaluate, stateOf } from './evaluate.ts';

describe('example-path', () => {
  test.each([
    'test/app.ts',
    'src/__tests__/app.js',
    'pkg/testdata/key.pem',
    'spec/models/user_spec.rb',
    'docs/setup.md',
    'README.md',
    'packages/a/examples/run.sh',
    'app.test.ts',
    'store_test.go',
    'test_store.py',
    '.env.example',
    'config.sample.yml',
    'settings.yml.dist',
  ])('lowers confidence in %s', (path) => {
    expect(stateOf(evaluate(examplePath, 'v', { path }))).toBe('lower to low-confidence');
  });

  test.each([
    'src/app.ts',
    'latest/app.ts',
    'contest/run.sh',
    'src/testing.ts',
    '.env',
    'deploy/prod.yml',
    'docker/Dockerfile',
  ])('says nothing in %s', (path) => {
    expect(stateOf(evaluate(examplePath, 'v', { path }))).toBe('not-applicable');
  });
});
