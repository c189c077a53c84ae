import type { Endpoint } from '../shared/api/endpoint.ts';
import { listCredentialAuthorizations, listPersonalAccessTokens } from './endpoints-organisation.ts';
import type { TokenKind } from './run.ts';

/**
 * Why an endpoint is left out: a token or a plan that cannot have it by its nature. Nobody could grant it, so it is
 * shown as skipped and no gap. Undefined: ask. What is not known is asked.
 */
export function whyNotAsked(
  endpoint: Endpoint<unknown>,
  token: TokenKind,
  plan: string | undefined,
): string | undefined {
  if (endpoint.id === listPersonalAccessTokens.id && token !== 'app' && token !== 'unknown') {
    return 'only a GitHub App can read fine-grained tokens';
  }
  if (endpoint.id === listCredentialAuthorizations.id && plan !== undefined && plan !== 'enterprise') {
    return `the plan "${plan}" has no single sign-on`;
  }
  return undefined;
}
