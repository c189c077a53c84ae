import { expect, test } from 'vitest';
import pathPattern from '../../../src/detect/checks/path-pattern.ts';
import { evaluate, stateOf } from './evaluate.ts';

test.each([
  ['src/index.php', { only: '\\.php$' }, 'not-applicable'],
  ['src/index.ts', { only: '\\.php$' }, 'drop'],
  ['index.ts', {}, 'not-applicable'],
  [`${'a/'.repeat(2000)}x.php`, { only: '\\.php$' }, 'not-applicable'],
])('%s with %o: %s', (path, options, state) => {
  expect(stateOf(evaluate(pathPattern, 'value', { path, options }))).toBe(state);
});
