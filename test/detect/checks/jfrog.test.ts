import { expect, test } from 'vitest';
import jfrog from '../../../src/detect/checks/jfrog.ts';
import { evaluate, factsOf, make, stateOf } from './evaluate.ts';

const reference = (expiry: string): string =>
  Buffer.from(`reftkn:01:${expiry}:${make('{base62:27}')}`).toString('base64');

test('reads the expiry of reference tokens', () => {
  expect(factsOf(evaluate(jfrog, reference('0000000000')))).toEqual({ expiresAt: 'never' });
  expect(factsOf(evaluate(jfrog, reference('1700000000')))).toEqual({
    expiresAt: '2023-11-14T22:13:20.000Z',
    expired: true,
  });
});

test.each([
  ['a reference token', make('{jfrog-reference}'), 'pass'],
  ['other text in the base64', Buffer.from('reftkn:zz:1700000000:nothing').toString('base64'), 'lower to placeholder'],
  ['a character outside of base58', make('AKCp8{digits:10}0{base62:57}'), 'lower to placeholder'],
  ['base58 of too few bytes', 'AKCp8abc', 'lower to placeholder'],
  ['another prefix', make('{base62:64}'), 'not-applicable'],
])('%s', (_, value, state) => {
  expect(stateOf(evaluate(jfrog, value))).toBe(state);
});

test('accepts an API key whose base58 holds 54 bytes', () => {
  const body = make('{any-of:23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz:68}');
  expect(stateOf(evaluate(jfrog, `AKCp8${body}`))).toBe('pass');
});
