import { expect, it } from 'vitest';
import { shownName } from '../../../src/lib/text/shown-name.ts';
import { PASSWORD, TOKEN } from '../../fuzz/shared/secrets.ts';

it.each([
  'fail-on',
  'inline-commants',
  'read-foreign-config',
  'unused.days',
  'entropy_of_it_all',
  'noMatchesAtAll',
  '*x ',
  'Exclude',
  '12',
])('shows "%s"', (key) => expect(shownName(key)).toBe(key));

it.each(['Tr0ub4dor&3', 'hunter22', 'fail on', 'Xk9-'])('does not show "%s"', (key) =>
  expect(shownName(key)).toBe('(not shown: it may be a value)'),
);

it('shows no part of a value from which it could be known', () => {
  for (const value of [TOKEN, PASSWORD, `a*${PASSWORD} b`])
    for (let at = 0; at + 12 <= value.length; at += 1)
      for (let end = at + 12; end <= value.length; end += 1)
        expect(shownName(value.slice(at, end))).toBe('(not shown: it may be a value)');
});
