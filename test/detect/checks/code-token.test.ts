import { describe, expect, test } from 'vitest';
import codeToken from '../../../src/detect/checks/code-token.ts';
import { evaluate, make, stateOf } from './evaluate.ts';

describe('code-token', () => {
  test.each([
    'undefined',
    'on_create',
    '),limit=n.message;!v;)n.x=[I,',
    'requires',
    'sha512_crypt',
    'String',
    '86400000',
    '0x1f',
    'v1.31.0',
    '2024-05-01T10:00:00Z',
    'https://acme.io/oauth/token',
    'ops@acme.io',
    'application/json',
    './secrets/token',
    '/run/secrets/db_password',
    'certs/client-key.pem',
    'vault.acme.internal',
    'Acme::Token::Reader',
    'a=>a.token',
    '.password-input',
    '#password',
    '^[a-z]{8,}$',
    '[a-zA-Z0-9]{32}',
    `$2b$10$${make('{base62:53}')}`,
    `pbkdf2_sha256$260000$${make('{base62:22}')}`,
    'ssh-ed25519',
    'user-{id}-token',
    ':password',
    '%s',
    '__TOKEN__',
    '########',
    '*default_password',
    '--ca-file',
    '--cert=',
    '${' + 'amazonmq_passwords[',
  ])('drops %s', (value) => {
    expect(stateOf(evaluate(codeToken, value))).toBe('drop');
  });

  test.each([
    'hunter2024',
    'P@$$word!!',
    '0uhJ+r3GW7/vHvtd',
    'Summer2024!',
    make('{base64:44}'),
    make('{base64url:43}'),
    make('{hex:40}'),
    `SG.${make('{base62:22}')}.${make('{base62:43}')}`,
    'https://deploy:hunter2024@acme.io',
  ])('says nothing of %s', (value) => {
    expect(stateOf(evaluate(codeToken, value))).toBe('not-applicable');
  });

  test('drops a piece between two kinds of quotes', () => {
    const at = { before: "password = '", after: '"rest\'' };
    expect(stateOf(evaluate(codeToken, 'hunter2024', at))).toBe('drop');
    expect(stateOf(evaluate(codeToken, 'hunter2024', { before: "p = '", after: "'" }))).toBe('not-applicable');
  });

  test('keeps nearly all drawn values', () => {
    const seeds = Array.from({ length: 200 }, (_, index) => `c${index}`);
    for (const template of ['{base62:24}', '{base64:40}', '{base64url:32}', '{hex:32}']) {
      const kept = seeds.filter((seed) => stateOf(evaluate(codeToken, make(template, seed))) === 'not-applicable');
      expect(kept.length, template).toBeGreaterThanOrEqual(199);
    }
  });

  test('is quick on hostile text', () => {
    const start = performance.now();
    for (const unit of ['a', '/a', 'a.', 'a::', '{a', '[a', '1.', 'a@', '$']) evaluate(codeToken, unit.repeat(3000));
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  test('drops variables of code, which stand on a line of their own', () => {
    const given = { path: 'tests/chart_test.py', before: '""".format(\n        elk_pass=', after: '\n    )\n' };
    expect(stateOf(evaluate(codeToken, 'content', given))).toBe('drop');
    expect(stateOf(evaluate(codeToken, 'content', { ...given, path: '.env' }))).toBe('not-applicable');
    expect(stateOf(evaluate(codeToken, 'content', { ...given, before: '        elk_pass="', after: '"\n' }))).toBe(
      'not-applicable',
    );
    expect(stateOf(evaluate(codeToken, 'c0ntent', given))).toBe('not-applicable');
    expect(stateOf(evaluate(codeToken, 'content', { ...given, before: '# run elk_pass=' }))).toBe('not-applicable');
  });
});
