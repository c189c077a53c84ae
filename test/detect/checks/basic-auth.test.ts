import { expect, test } from 'vitest';
import basicAuth from '../../../src/detect/checks/basic-auth.ts';
import { evaluate, factsOf, make, stateOf } from './evaluate.ts';

const encode = (text: string): string => Buffer.from(text).toString('base64');

test.each([
  ['user and password', make('{basic-auth}'), 'pass'],
  ['a sample password', encode('admin:password'), 'lower to placeholder'],
  ['no colon', encode('nothing here'), 'drop'],
  ['an empty password', encode('admin:'), 'drop'],
  ['bytes that are no text', make('{base64:40}'), 'drop'],
  ['no base64', 'user:password', 'drop'],
])('%s', (_, value, state) => {
  expect(stateOf(evaluate(basicAuth, value))).toBe(state);
});

test('names the user unless it is an address of a person', () => {
  expect(factsOf(evaluate(basicAuth, encode(`deploy:${make('{base62:12}')}`)))).toEqual({ user: 'deploy' });
  expect(factsOf(evaluate(basicAuth, encode(`ann@acme.io:${make('{base62:12}')}`)))).toEqual({});
});
