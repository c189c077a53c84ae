import type { Verdict } from '../model/verdict.ts';
import { defineVerifier, type VerifyResponse } from './contract.ts';
import { pickFacts, readObject, rejected, unexpected } from './shared/answer.ts';

/** Who am I of the public registry. https://docs.npmjs.com/cli/commands/npm-whoami */
export default defineVerifier({
  id: 'npm',
  title: 'npm access token',
  hosts: ['registry.npmjs.org'],
  request: ({ secret }) => ({
    url: 'https://registry.npmjs.org/-/whoami',
    method: 'GET',
    headers: { authorization: `Bearer ${secret.reveal()}`, accept: 'application/json', 'user-agent': 'bowerbird' },
  }),
  classify,
});

function classify(response: VerifyResponse): Verdict {
  if (response.status === 401) return rejected(response);
  const answer = readObject(response);
  if (response.status !== 200 || typeof answer?.['username'] === 'undefined') return unexpected(response);
  return { state: 'active', reason: 'the provider answers as this credential', facts: pickFacts(answer, ['username']) };
}
