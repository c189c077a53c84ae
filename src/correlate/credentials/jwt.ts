import { defineCredentialReader } from '../contract.ts';
import { keyList, ownKey, textFact } from '../shared/found-facts.ts';

/** Subjects that name a person: an address, or an id that a login service made for somebody. */
const PERSON = /^(?:[^\s@/:]+@[^\s@/:]+|auth0\|.*|google-oauth2\|.*)$/;

const OTHERS = ['kubernetes-service-account', 'gcp-service-account'];

/** JSON Web Tokens: issuer and subject name who it was issued to, the client id which application. */
export default defineCredentialReader({
  id: 'jwt',
  title: 'JSON Web Tokens, with issuer and subject',
  read(secret) {
    const issuer = textFact(secret, 'iss');
    // Other readers know more of these.
    if (issuer === undefined || OTHERS.some((kind) => ownKey(secret, kind) !== undefined)) return undefined;
    const subject = textFact(secret, 'sub');
    const client = textFact(secret, 'clientId');
    const pair = ownKey(secret, 'jwt-subject');
    const facts = { scopes: scopesOf(textFact(secret, 'scope')) };
    const account = textFact(secret, 'tenantId') ?? textFact(secret, 'projectRef') ?? issuer;
    const name = client ?? subject;
    if (name === undefined || pair === undefined || (client === undefined && PERSON.test(name)))
      return { account, facts };
    const principal = {
      id: `jwt:${issuer}|${name}`,
      type: 'oauth_client',
      provider: secret.rule.provider,
      name,
      account: issuer,
      keys: [...keyList('jwt-subject', pair), ...keyList('azure-client-id', ownKey(secret, 'azure-client-id'))],
      confidence: 'strong',
    } as const;
    return { principals: [principal], account, facts };
  },
});

function scopesOf(scope: string | undefined): readonly string[] | undefined {
  return scope?.split(/[\s,]+/).filter((word) => word !== '');
}
