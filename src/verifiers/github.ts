import type { Verdict } from '../model/verdict.ts';
import { defineVerifier, type VerifyResponse } from './contract.ts';
import { pickFacts, readObject, rejected, unexpected } from './shared/answer.ts';

/**
 * Who am I, with the scopes of a classic token in a header.
 * https://docs.github.com/rest/users/users#get-the-authenticated-user
 */
export default defineVerifier({
  id: 'github',
  title: 'GitHub token',
  hosts: ['api.github.com'],
  request: ({ secret }) => ({
    url: 'https://api.github.com/user',
    method: 'GET',
    headers: { authorization: `Bearer ${secret.reveal()}`, accept: 'application/json', 'user-agent': 'bowerbird' },
  }),
  classify,
});

function classify(response: VerifyResponse): Verdict {
  if (response.status === 401) return rejected(response);
  const answer = readObject(response);
  if (response.status !== 200 || typeof answer?.['login'] === 'undefined') return unexpected(response);
  return {
    state: 'active',
    reason: 'the provider answers as this credential',
    facts: pickFacts(answer, ['login', 'type']),
  };
}
