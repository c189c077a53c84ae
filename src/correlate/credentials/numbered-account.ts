import { defineCredentialReader, type FoundSecret } from '../contract.ts';
import { textFact } from '../shared/found-facts.ts';

/** Facts by which a value says whose it is, the narrowest first. */
const ACCOUNTS = ['accountId', 'projectId', 'groupId', 'organisationId', 'tenantId', 'projectRef', 'userId', 'botId'];

/** Tokens that carry the number of an account, project, organisation or bot, and say no more. */
export default defineCredentialReader({
  id: 'numbered-account',
  title: 'tokens with the number of an account, project or bot',
  read(secret) {
    const name = ACCOUNTS.find((fact) => textFact(secret, fact) !== undefined);
    return name === undefined ? undefined : { account: describe(secret, name) };
  },
});

/** `project 42`: numbers of different things look alike. */
function describe(secret: FoundSecret, name: string): string {
  const value = textFact(secret, name) ?? '';
  const words = { accountId: '', tenantId: '', projectRef: '' };
  return name in words ? value : `${name.replace(/Id$/, '')} ${value}`;
}
