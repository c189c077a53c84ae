import { expect, test } from 'vitest';
import base64Json from '../../../src/detect/checks/base64-json.ts';
import { evaluate, factsOf, make, stateOf } from './evaluate.ts';

const options = {
  'prefix-length': 7,
  end: '_',
  required: ['org', 'url'],
  facts: { org: 'organisation', 'region.url': 'region' },
};
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

test('gives the named fields as facts, also from objects inside', () => {
  const value = `sntrys_${encode({ org: 'acme', url: 'https://x', key: 'hidden', region: { url: 'eu' } })}_rest`;
  expect(factsOf(evaluate(base64Json, value, { options }))).toEqual({ organisation: 'acme', region: 'eu' });
});

test.each([
  ['a token of the format', make('sntrys_{sentry-org}'), 'pass'],
  ['a missing field', `sntrys_${encode({ org: 'acme' })}_rest`, 'lower to placeholder'],
  ['a list', `sntrys_${encode(['acme'])}_rest`, 'lower to placeholder'],
  ['no JSON', make('sntrys_{base62:40}_rest'), 'lower to placeholder'],
  ['no base64', 'sntrys_!!!!_rest', 'lower to placeholder'],
])('%s', (_, value, state) => {
  expect(stateOf(evaluate(base64Json, value, { options }))).toBe(state);
});
