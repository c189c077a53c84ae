import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import placeholder from '../../../src/detect/checks/placeholder.ts';
import { tries } from '../../property/runs.ts';
import { evaluate, make, stateOf } from './evaluate.ts';

describe('placeholder', () => {
  test.each([
    'changeme',
    'your_token_here',
    'YOUR-API-KEY',
    'yourApiKeyHere',
    'my-secret-token',
    'password',
    'Password123',
    '********',
    'xxxxxxxxxxxxxxxx',
    'XXXXXXXX-XXXX',
    '<your token>',
    '[redacted]',
    '................',
    'secret',
    'null',
  ])('drops %s', (value) => {
    expect(stateOf(evaluate(placeholder, value))).toBe('drop');
  });

  test.each([
    ['words to a reader', 'my-secure-smtp-password'],
    ['words to a reader, in capitals', 'PUT_SOME_LONG_TOKEN'],
    ['a sample word', `${make('{base62:9}')}EXAMPLE`],
    ['a word to replace', `${make('{base62:9}')}REPLACE_ME${make('{base62:9}')}`],
    ['a run through the alphabet', 'abcdefghijklmnopqrstuvwxyz0123456789'],
    ['a run of digits', '0123456789012345678901234567890123456789'],
    ['runs through half of it', `abcdef123456${make('{base62:8}')}`],
    ['one repeated character', '00000000000000000000000000000000'],
    ['a repeated unit', 'deadbeefdeadbeefdeadbeefdeadbeef'],
    ['few characters', 'abababababaabbaabbabab'],
    ['short runs in turn', 'abc123xyz456'],
    ['a masked middle', 'A7dkXXXX83nd92kd'],
    ['a value to set', 'set-me-in-the-console'],
    ['a mask in Base64', Buffer.from('**SOPS**').toString('base64')],
    ['sample words in Base64', Buffer.from('hello-world').toString('base64')],
  ])('lowers %s to a placeholder', (_, value) => {
    expect(stateOf(evaluate(placeholder, value))).toBe('lower to placeholder');
  });

  test('looks only at what follows the fixed start of the rule', () => {
    const pattern = '(?<![a-z])(?<secret>sk_example_[0-9A-Za-z]{24})';
    expect(stateOf(evaluate(placeholder, make('sk_example_{base62:24}'), { pattern }))).toBe('not-applicable');
    expect(stateOf(evaluate(placeholder, make('sk_example_{base62:24}')))).toBe('lower to placeholder');
    const body = `sk_example_${'x'.repeat(24)}`;
    expect(stateOf(evaluate(placeholder, body, { pattern }))).toBe('drop');
  });

  test('leaves long values to the checks of their formats', () => {
    expect(stateOf(evaluate(placeholder, 'A'.repeat(301)))).toBe('not-applicable');
    expect(stateOf(evaluate(placeholder, 'A'.repeat(300)))).toBe('lower to placeholder');
  });

  test('lets drawn values through', () => {
    const drawn = fc.tuple(fc.constantFrom('{base62:20}', '{hex:32}', '{base64url:43}', '{base62:100}'), fc.string());
    fc.assert(
      fc.property(
        drawn,
        ([template, seed]) => stateOf(evaluate(placeholder, make(template, seed))) === 'not-applicable',
      ),
      tries(1_000),
    );
  });

  test.each([
    'Tr0ub4dor&3',
    'correct horse battery',
    'hunter2hunter',
    'S3cr3t!2024Zq',
    'passionfruit',
    'adminadmin',
    'keyboardcat',
    'mysecretpassword',
  ])('keeps the password %s', (value) => {
    expect(stateOf(evaluate(placeholder, value))).toBe('not-applicable');
  });
});
