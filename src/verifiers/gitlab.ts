import type { Verdict } from '../model/verdict.ts';
import { defineVerifier, type VerifyResponse } from './contract.ts';
import { pickFacts, readObject, rejected, unexpected } from './shared/answer.ts';

/** The token about itself. https://docs.gitlab.com/api/personal_access_tokens/ */
export default defineVerifier({
  id: 'gitlab',
  title: 'GitLab token (gitlab.com)',
  hosts: ['gitlab.com'],
  request: ({ secret }) => ({
    url: 'https://gitlab.com/api/v4/personal_access_tokens/self',
    method: 'GET',
    headers: { 'private-token': secret.reveal(), accept: 'application/json', 'user-agent': 'bowerbird' },
  }),
  classify,
});

function classify(response: VerifyResponse): Verdict {
  if (response.status === 401) return rejected(response);
  const answer = readObject(response);
  if (response.status !== 200 || typeof answer?.['id'] === 'undefined') return unexpected(response);
  return {
    state: 'active',
    reason: 'the provider answers as this credential',
    facts: pickFacts(answer, ['name', 'active', 'expires_at']),
  };
}
