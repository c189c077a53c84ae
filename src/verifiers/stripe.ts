import type { Verdict } from '../model/verdict.ts';
import { defineVerifier, type VerifyResponse } from './contract.ts';
import { pickFacts, readObject, rejected, unexpected } from './shared/answer.ts';

/** One page of charges: the smallest read that every secret key may do. https://docs.stripe.com/api/authentication */
export default defineVerifier({
  id: 'stripe',
  title: 'Stripe secret key',
  hosts: ['api.stripe.com'],
  request: ({ secret }) => ({
    url: 'https://api.stripe.com/v1/charges?limit=1',
    method: 'GET',
    headers: { authorization: `Bearer ${secret.reveal()}`, accept: 'application/json', 'user-agent': 'bowerbird' },
  }),
  classify,
});

function classify(response: VerifyResponse): Verdict {
  if (response.status === 401) return rejected(response);
  const answer = readObject(response);
  if (response.status !== 200 || typeof answer?.['object'] === 'undefined') return unexpected(response);
  return { state: 'active', reason: 'the provider answers as this credential', facts: pickFacts(answer, ['livemode']) };
}
