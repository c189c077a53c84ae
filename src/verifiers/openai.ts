import type { Verdict } from '../model/verdict.ts';
import { defineVerifier, type VerifyResponse } from './contract.ts';
import { pickFacts, readObject, rejected, unexpected } from './shared/answer.ts';

/** The account of the key. https://platform.openai.com/docs/api-reference/authentication */
export default defineVerifier({
  id: 'openai',
  title: 'OpenAI API key',
  hosts: ['api.openai.com'],
  request: ({ secret }) => ({
    url: 'https://api.openai.com/v1/me',
    method: 'GET',
    headers: { authorization: `Bearer ${secret.reveal()}`, accept: 'application/json', 'user-agent': 'bowerbird' },
  }),
  classify,
});

function classify(response: VerifyResponse): Verdict {
  if (response.status === 401) return rejected(response);
  const answer = readObject(response);
  if (response.status !== 200 || typeof answer?.['id'] === 'undefined') return unexpected(response);
  return { state: 'active', reason: 'the provider answers as this credential', facts: pickFacts(answer, ['object']) };
}
