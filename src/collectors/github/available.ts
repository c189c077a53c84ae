import type { TokenKind } from '../../clients/github/credential.ts';
import type { Endpoint } from '../shared/api/endpoint.ts';
import { listCredentialAuthorizations, listPersonalAccessTokens } from './endpoints/organisation.ts';
import { listAuditEvents, listTokenRepositories, listTokenRequests } from './endpoints/tokens.ts';

const APP_ONLY: ReadonlySet<string> = new Set([
  listPersonalAccessTokens.id,
  listTokenRepositories.id,
  listTokenRequests.id,
]);

/**
 * Says why an endpoint is left out: the kind of token or the plan cannot have it. Nobody could grant that, so it is a
 * skip and no gap. Returns undefined where the endpoint must be asked, also where the kind is unknown.
 */
export function whyNotAsked(
  endpoint: Endpoint<unknown>,
  token: TokenKind,
  plan: string | undefined,
): string | undefined {
  if (APP_ONLY.has(endpoint.id) && token !== 'app' && token !== 'unknown') {
    return 'only a GitHub App can read fine-grained tokens';
  }
  if (endpoint.id === listAuditEvents.id && plan !== undefined && plan !== 'enterprise') {
    return `the plan "${plan}" has no audit log that a program can read`;
  }
  if (endpoint.id === listCredentialAuthorizations.id && plan !== undefined && plan !== 'enterprise') {
    return `the plan "${plan}" has no single sign-on`;
  }
  return undefined;
}
