import { expect, test } from 'vitest';
import pypiMacaroon from '../../../src/detect/checks/pypi-macaroon.ts';
import { evaluate, factsOf, make, stateOf } from './evaluate.ts';

/** A version 2 macaroon with the given caveats. */
function macaroon(caveats: readonly unknown[]): string {
  const field = (type: number, text: string): Buffer =>
    Buffer.concat([Buffer.from([type, text.length]), Buffer.from(text)]);
  const end = Buffer.from([0]);
  const parts = caveats.flatMap((caveat) => [field(2, JSON.stringify(caveat)), end]);
  const all = [
    Buffer.from([2]),
    field(1, 'pypi.org'),
    field(2, make('{uuid}')),
    end,
    ...parts,
    end,
    field(6, make('{base62:32}')),
  ];
  return `pypi-${Buffer.concat(all).toString('base64url')}`;
}

test.each([
  ['a user', [{ version: 1, permissions: 'user' }], { scope: 'user' }],
  [
    'projects, older form',
    [{ version: 1, permissions: { projects: ['a', 'b'] } }],
    { scope: 'project', projects: ['a', 'b'] },
  ],
  ['projects, newer form', [[1, ['a']]], { scope: 'project', projects: ['a'] }],
  ['project ids', [[2, [make('{uuid}')]]], { scope: 'project' }],
  [
    'an expiry',
    [[0, 1_700_000_000, 1_600_000_000]],
    { scope: 'user', expiresAt: '2023-11-14T22:13:20.000Z', expired: true },
  ],
  ['a caveat that is not known', [[9, 'x']], { scope: 'user' }],
])('reads the caveat of %s', (_, caveats, facts) => {
  expect(factsOf(evaluate(pypiMacaroon, macaroon(caveats)))).toEqual({ index: 'pypi.org', ...facts });
});

test.each([
  ['a token of the test index', make('pypi-{pypi-macaroon:test.pypi.org}'), 'pass'],
  ['bytes that are no macaroon', make('pypi-AgEI{base64url:100}'), 'lower to placeholder'],
  ['nothing', 'pypi-', 'lower to placeholder'],
])('%s', (_, value, state) => {
  expect(stateOf(evaluate(pypiMacaroon, value))).toBe(state);
});
