import { describe, expect, test } from 'vitest';
import connectionString from '../../../src/detect/checks/connection-string.ts';
import { evaluate, factsOf, make, stateOf } from './evaluate.ts';

const drawn = make('{base62:16}');

describe('connection-string', () => {
  test.each([
    ['a drawn password', drawn, { user: 'app', host: 'db.acme.io' }, 'pass'],
    ['a drawn password on this machine', drawn, { user: 'app', host: 'localhost' }, 'pass'],
    ['an empty one', '', { user: 'app', host: 'db.acme.io' }, 'drop'],
    ['a masked one', '****', { user: 'app', host: 'db.acme.io' }, 'drop'],
    ['a bracketed one', '<password>', { user: 'app', host: 'db.acme.io' }, 'drop'],
    ['a default on this machine', 'postgres', { user: 'postgres', host: '127.0.0.1' }, 'lower to placeholder'],
    ['a default in a compose network', 'guest', { user: 'guest', host: 'rabbit' }, 'lower to placeholder'],
    ['a default on a real host', 'postgres', { user: 'postgres', host: 'db.acme.io' }, 'lower to low-confidence'],
    ['the name of the user', 'billing', { user: 'billing', host: 'db.acme.io' }, 'lower to low-confidence'],
    ['a host of documentation', drawn, { user: 'app', host: 'db.example.com' }, 'lower to placeholder'],
  ])('%s', (_, value, parts, state) => {
    expect(stateOf(evaluate(connectionString, value, { parts }))).toBe(state);
  });

  test('gives user, host and environment as facts and join keys', () => {
    const parts = { user: 'root', host: 'DB.prod.acme.io', port: '5432', database: 'bills' };
    expect(factsOf(evaluate(connectionString, drawn, { parts }))).toEqual({
      user: 'root',
      administrator: true,
      host: 'db.prod.acme.io',
      port: 5432,
      database: 'bills',
      environment: 'production',
      keys: { host: 'db.prod.acme.io', 'database-role': 'root@db.prod.acme.io' },
    });
  });

  test('an account of another service is no role of a database', () => {
    const keysOf = (scheme: string): unknown =>
      factsOf(evaluate(connectionString, drawn, { parts: { user: 'app', host: 'a.acme.io', scheme } }))?.['keys'];
    expect(keysOf('https')).toEqual({ host: 'a.acme.io' });
    expect(keysOf('neo4j')).toEqual({ host: 'a.acme.io', 'database-role': 'app@a.acme.io' });
  });

  test('names of this machine join nothing', () => {
    const facts = factsOf(evaluate(connectionString, drawn, { parts: { user: 'app', host: 'localhost' } }));
    expect(facts).toMatchObject({ environment: 'development', keys: {} });
  });
});
