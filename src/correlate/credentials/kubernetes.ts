import { defineCredentialReader } from '../contract.ts';
import { keyList, ownKey, textFact } from '../shared/found-facts.ts';

/** Tokens of Kubernetes service accounts: namespace and name stand in the token, and who issued it. */
export default defineCredentialReader({
  id: 'kubernetes',
  title: 'tokens of Kubernetes service accounts',
  read(secret) {
    const account = ownKey(secret, 'kubernetes-service-account');
    if (account === undefined) return undefined;
    const issuer = textFact(secret, 'iss') ?? '';
    const cluster = /^https?:\/\//.test(issuer) ? issuer.replace(/^https?:\/\//, '').replace(/\/+$/, '') : '';
    const principal = {
      id: `kubernetes:${cluster === '' ? 'token' : cluster}:${account}`,
      type: 'k8s_service_account',
      provider: 'kubernetes',
      name: account.replace(':', '/'),
      ...(cluster === '' ? {} : { account: cluster }),
      keys: keyList('kubernetes-service-account', account),
      confidence: 'proven',
    } as const;
    return { principals: [principal], ...(cluster === '' ? {} : { account: cluster }) };
  },
});
