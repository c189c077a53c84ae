import { describe, expect, test } from 'vitest';
import wordLike from '../../../src/detect/checks/word-like.ts';
import { evaluate, make, stateOf } from './evaluate.ts';

describe('word-like', () => {
  test.each([
    'getAccessTokenFromStore',
    'primary-database-password',
    'MY_SERVICE_ACCOUNT_NAME',
    'com.acme.security.TokenProvider',
    'UserAuthenticationService',
    'select the right account',
  ])('drops %s', (value) => {
    expect(stateOf(evaluate(wordLike, value))).toBe('drop');
  });

  test.each(['hunter2024', 'S3cr3tV4lu3', 'xkcd-qzvw-bnmp', 'a1b2c3d4e5'])('keeps %s', (value) => {
    expect(stateOf(evaluate(wordLike, value))).toBe('not-applicable');
  });

  test('keeps drawn values', () => {
    const seeds = Array.from({ length: 400 }, (_, index) => `w${index}`);
    const kept = seeds.map((seed) => stateOf(evaluate(wordLike, make('{base62:24}', seed))));
    expect(kept.every((state) => state === 'not-applicable')).toBe(true);
  });
});
