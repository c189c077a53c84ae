import type { Verdict } from '../model/verdict.ts';
import { defineVerifier, type VerifyResponse } from './contract.ts';
import { pickFacts, readObject, unexpected } from './shared/answer.ts';

const REJECTED = new Set(['invalid_auth', 'account_inactive', 'token_revoked', 'token_expired', 'not_authed']);

/** `auth.test`: always 200, the body tells. https://api.slack.com/methods/auth.test */
export default defineVerifier({
  id: 'slack',
  title: 'Slack token',
  hosts: ['slack.com'],
  request: ({ secret }) => ({
    url: 'https://slack.com/api/auth.test',
    method: 'POST',
    headers: { authorization: `Bearer ${secret.reveal()}`, 'user-agent': 'bowerbird' },
  }),
  classify,
});

function classify(response: VerifyResponse): Verdict {
  const answer = readObject(response);
  if (response.status !== 200 || answer === undefined) return unexpected(response);
  if (answer['ok'] === true) {
    const facts = pickFacts(answer, ['team', 'user', 'team_id', 'bot_id']);
    return { state: 'active', reason: 'the provider answers as this credential', facts };
  }
  const error = answer['error'];
  if (typeof error !== 'string' || !REJECTED.has(error)) return unexpected(response);
  return { state: 'inactive', reason: `the provider rejects the value (${error})` };
}
