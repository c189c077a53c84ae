import { describe, expect, test } from 'vitest';
import secretStrength from '../../../src/detect/checks/secret-strength.ts';
import { evaluate, make, stateOf } from './evaluate.ts';

const LOW = 'lower to low-confidence';

describe('secret-strength of what a service issues', () => {
  test.each([
    ['{base62:32}', 'pass'],
    ['{base64url:43}', 'pass'],
    ['{hex:40}', 'pass'],
    ['{hex:20}', LOW],
    ['{uuid}', LOW],
    ['dh893hdasih9', LOW],
    ['{digits:24}', 'drop'],
    ['{base62:7}', 'drop'],
    ['acme-production-tls', 'drop'],
    ['acme-production-tls-20', 'drop'],
    ['internalServiceAccountName', 'drop'],
    ['deadbeefdeadbeefdeadbeefdeadbeef', 'drop'],
  ])('%s', (template, expected) => {
    expect(stateOf(evaluate(secretStrength, make(template), { before: 'api_token = "' }))).toBe(expected);
  });

  test('passes at least 95 of 100 drawn values of 24 characters and more', () => {
    for (const template of ['{base62:24}', '{base64:40}', '{hex:32}', '{lower-alnum:32}']) {
      const values = Array.from({ length: 200 }, (_, index) => make(template, `s${index}`));
      const states = values.map((value) => stateOf(evaluate(secretStrength, value, { before: 'token=' })));
      expect(states.filter((state) => state !== 'drop').length, template).toBeGreaterThanOrEqual(198);
      expect(states.filter((state) => state === 'pass').length, template).toBeGreaterThanOrEqual(190);
    }
  });
});

describe('secret-strength of passwords', () => {
  test.each([
    ['{base62:8}!{base62:8}', 'pass'],
    ['Summer2024!', LOW],
    ['hunter2', LOW],
    ['porkchop', LOW],
    ['welcome1', LOW],
    ['Required', 'drop'],
    ['enter-your-password', 'drop'],
    ['user-password-two-2', 'drop'],
    ['12345678', 'drop'],
    ['abc12', 'drop'],
  ])('%s', (template, expected) => {
    expect(stateOf(evaluate(secretStrength, make(template), { before: 'password = "' }))).toBe(expected);
  });

  test.each([
    ['an element of a list', '["password", "', 'drop'],
    ['an argument', 'label("', 'drop'],
    ['a comparison', 'password !== "', 'drop'],
    ['an assignment', 'password: "', LOW],
  ])('a word as %s', (_, before, expected) => {
    const options = { kind: 'password' };
    expect(stateOf(evaluate(secretStrength, 'porkchop', { before, options }))).toBe(expected);
  });

  test.each([
    ['a sentence', "clusters can be identified by '", 'drop'],
    ['a statement', "ALTER USER app IDENTIFIED BY '", LOW],
  ])('a word in %s', (_, before, expected) => {
    expect(stateOf(evaluate(secretStrength, 'server', { before, options: { kind: 'password' } }))).toBe(expected);
  });

  test.each([
    ['enableNpm2FaToken', 'drop'],
    ['{base62:14}', LOW],
  ])('%s behind a quoted name in a list', (template, expected) => {
    const before = '["user","npmPassword","';
    const state = stateOf(evaluate(secretStrength, make(template), { before, options: { kind: 'password' } }));
    expect(state === 'pass' ? LOW : state).toBe(expected);
  });

  test('a word in a file of translations is a text', () => {
    const at = { before: '"password": "', path: 'src/locales/de.json' };
    expect(stateOf(evaluate(secretStrength, 'passwort', at))).toBe('drop');
  });
});
