import { defineCredentialReader } from '../contract.ts';
import { keyList, textFact } from '../shared/found-facts.ts';

/** Logins of registries and web servers: a user at a host. */
export default defineCredentialReader({
  id: 'registry',
  title: 'logins of registries and servers, with user and host',
  read(secret) {
    const host = (secret.parts['host'] ?? textFact(secret, 'host'))
      ?.toLowerCase()
      .replace(/^https?:\/\//, '')
      .replace(/\/.*$/s, '');
    if (host === undefined || host === '') return undefined;
    const user = textFact(secret, 'user') ?? secret.parts['user'];
    if (user === undefined || user === '' || user.includes('@')) return { account: host };
    const principal = {
      id: `account:${host}:${user}`,
      type: 'service_account',
      provider: secret.rule.provider,
      name: `${user}@${host}`,
      account: host,
      keys: keyList('registry-user', `${user}@${host}`),
      confidence: 'strong',
    } as const;
    return { principals: [principal], account: host };
  },
});
