import { describe, expect, it } from 'vitest';
import reader from '../../../src/correlate/credentials/database.ts';
import { foundOf } from '../build.ts';

describe('database', () => {
  it('names the role at its host', () => {
    const keys = [{ kind: 'database-role', value: 'app@db.acme.example' }];
    const facts = { user: 'app', host: 'db.acme.example', database: 'shop', environment: 'production' };
    expect(reader.read(foundOf('postgres-connection-url', { keys, facts }))).toMatchObject({
      principals: [
        {
          id: 'database:db.acme.example:app',
          type: 'database_role',
          provider: 'postgres',
          facts: { resourceScope: 'selected', environment: 'production' },
          confidence: 'strong',
        },
      ],
      facts: { authMethod: 'password' },
    });
  });

  it('says so where the name is an administrator, and nothing without a host', () => {
    const keys = [{ kind: 'database-role', value: 'root@db.acme.example' }];
    const [root] = reader.read(foundOf('mysql-x', { keys, facts: { administrator: true } }))?.principals ?? [];
    expect(root?.facts).toMatchObject({ isAdministrator: true });
    expect(root?.name).toBe('root@db.acme.example');
    expect(reader.read(foundOf('mysql-x', { facts: { user: 'app' } }))).toBeUndefined();
  });
});
