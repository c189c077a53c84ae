import { defineCredentialReader } from '../contract.ts';
import { keyList, ownKey, textFact } from '../shared/found-facts.ts';

/** Connection strings of databases: the role is a user at a host. */
export default defineCredentialReader({
  id: 'database',
  title: 'connection strings, with the role at its host',
  read(secret) {
    const role = ownKey(secret, 'database-role');
    if (role === undefined) return undefined;
    const user = textFact(secret, 'user') ?? role.slice(0, role.lastIndexOf('@'));
    const host = textFact(secret, 'host') ?? role.slice(role.lastIndexOf('@') + 1);
    const database = textFact(secret, 'database');
    const isAdministrator = secret.facts['administrator'] === true;
    const principal = {
      id: `database:${host}:${user}`,
      type: 'database_role',
      provider: secret.rule.provider,
      name: `${user}@${host}`,
      account: host,
      keys: keyList('database-role', role),
      facts: {
        resourceScope: database === undefined ? undefined : 'selected',
        isAdministrator: isAdministrator ? true : undefined,
        environment: textFact(secret, 'environment'),
      },
      confidence: 'strong',
    } as const;
    return { principals: [principal], account: host, facts: { authMethod: 'password' } };
  },
});
