import { expect, test } from 'vitest';
import awsKeyId from '../../../src/detect/checks/aws-key-id.ts';
import { evaluate, factsOf, make, stateOf } from './evaluate.ts';

test('reads kind and account, and gives them as join keys', () => {
  const id = make('{aws-key-id:AKIA}');
  expect(factsOf(evaluate(awsKeyId, id))).toEqual({
    keyKind: 'long-lived',
    accountId: expect.stringMatching(/^\d{12}$/),
    keys: { 'aws-access-key-id': id, 'aws-account-id': expect.stringMatching(/^\d{12}$/) },
  });
  expect(factsOf(evaluate(awsKeyId, make('{aws-key-id:ASIA}')))).toMatchObject({ keyKind: 'temporary' });
});

test('decodes the account as AWS encodes it', () => {
  const bytes = Buffer.alloc(10);
  bytes.writeUIntBE(Number((1n << 47n) | (581039954779n << 7n)), 0, 6);
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const body = (bits.match(/.{5}/g) ?? []).map((group) => digits.charAt(Number.parseInt(group, 2))).join('');
  expect(factsOf(evaluate(awsKeyId, `AKIA${body}`))).toMatchObject({ accountId: '581039954779' });
});

test.each([
  ['a character outside of base32', make('AKIAQ{base32:14}8'), 'lower to placeholder'],
  ['an account of 13 digits', `AKIA7${'7'.repeat(9)}${make('{base32:6}')}`, 'lower to placeholder'],
  ['the older form', make('AKIAI{base32:15}'), 'pass'],
  ['another length', make('AKIA{base32:15}'), 'not-applicable'],
])('%s', (_, value, state) => {
  const outcome = evaluate(awsKeyId, value);
  expect(stateOf(outcome)).toBe(state);
  expect(factsOf(outcome)['accountId']).toBeUndefined();
});
