import { Secret } from '../../model/secret.ts';
import type { ClientContext, Network } from '../shared/context.ts';
import { findToken } from '../shared/environment.ts';
import { createAppCredential } from './app.ts';
import { readAppKey } from './app-key.ts';
import { type Credential, TOKEN_NAMES, tokenCredential } from './credential.ts';

/** What a client needs to find out as whom it asks. */
export interface CredentialSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths of key files start here. */
  readonly cwd: string;
  readonly network: Network;
  readonly baseUrl: string;
  /** The organisation or person that is read. */
  readonly owner: string;
}

/**
 * Finds the credential that the environment names: an App if there is one, else a token. Returns undefined where there
 * is none. Asks nothing yet.
 *
 * @throws UsageError for an App without a usable key
 */
export function findCredential(context: ClientContext, source: CredentialSource): Credential | undefined {
  const { env, cwd, network, baseUrl, owner } = source;
  const key = readAppKey(env, cwd);
  if (key !== undefined) return createAppCredential(context, { network, baseUrl, key, owner });
  const token = findToken(env, TOKEN_NAMES);
  return token === undefined ? undefined : tokenCredential(new Secret(token));
}
