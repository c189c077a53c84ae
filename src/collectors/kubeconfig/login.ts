import { defined } from '../../lib/fields/defined.ts';
import type { JoinKey } from '../../model/identity.ts';
import { isLiteral } from '../shared/client-files/value-kind.ts';
import type { Facts } from '../shared/identity-drafts.ts';
import { asObject, asText, asTexts, type Loose } from '../shared/loose.ts';
import { readCertificate } from '../shared/x509/certificate.ts';
import { readPem } from '../shared/x509/pem.ts';
import { readTokenClaims } from './token.ts';

/** How a user logs in: what is known, under which keys, and what could not be read. */
export interface Login {
  readonly facts: Facts;
  readonly keys: readonly JoinKey[];
  readonly problem?: string;
}

/** Members of this group may do everything, and no role binding can take that from them. */
const MASTERS = 'system:masters';

/** Reads the entry of a user. Where several ways are written the client takes the certificate, then the token. */
export function readLogin(user: Loose, place: string): Login {
  if (user['client-certificate-data'] !== undefined || user['client-certificate'] !== undefined) {
    return readCertificateLogin(user, place);
  }
  if (user['exec'] !== undefined) return { facts: { authMethod: 'command', literal: false }, keys: [] };
  if (user['token'] !== undefined || user['tokenFile'] !== undefined) return readTokenLogin(user);
  if (user['password'] !== undefined) return { facts: literalFacts('password', asText(user['password'])), keys: [] };
  if (user['auth-provider'] !== undefined) return readProvider(asObject(user['auth-provider']));
  return { facts: {}, keys: [] };
}

function readCertificateLogin(user: Loose, place: string): Login {
  const key = asText(user['client-key-data']);
  const facts = key === undefined ? { authMethod: 'certificate', literal: false } : literalFacts('certificate', key);
  const data = asText(user['client-certificate-data']);
  if (data === undefined || isLiteral(data) !== true) return { facts, keys: [] };
  const der = readPem(Buffer.from(data, 'base64').toString('latin1')).find(({ label }) => label === 'CERTIFICATE')?.der;
  if (der === undefined) return { facts, keys: [], problem: 'the client certificate is no PEM text in base64' };
  const { facts: certificate, problem } = readCertificate(der);
  if (certificate === undefined) return { facts, keys: [], ...defined({ problem }) };
  const isMaster = certificate.organisations.includes(MASTERS);
  const power = { privilegeTier: 0, tierReasons: [`client certificate with O=${MASTERS} (${place})`] };
  const { organisations, notAfter: expiresAt, lifetimeDays } = certificate;
  return {
    facts: { ...facts, groups: organisations, expiresAt, lifetimeDays, ...(isMaster ? power : {}) },
    keys: [
      { kind: 'certificate-thumbprint', value: certificate.thumbprint },
      { kind: 'public-key-fingerprint', value: certificate.publicKeyFingerprint },
    ],
    ...defined({ problem }),
  };
}

function readTokenLogin(user: Loose): Login {
  const token = asText(user['token']);
  if (token === undefined) return { facts: { authMethod: 'static_secret', literal: false }, keys: [] };
  const claims = isLiteral(token) === true ? readTokenClaims(token) : undefined;
  const account = claims?.serviceAccount;
  const keys = account === undefined ? [] : [{ kind: 'kubernetes-service-account', value: account }];
  return { facts: { ...literalFacts('static_secret', token), expiresAt: claims?.expiresAt }, keys };
}

/** The old providers keep a refresh token in the file (removed in Kubernetes 1.26). */
function readProvider(provider: Loose): Login {
  const config = asObject(provider['config']);
  const [refresh, access] = [asText(config['refresh-token']), asText(config['access-token'])];
  if (refresh === undefined && access === undefined)
    return { facts: { authMethod: 'federated_oidc', literal: false }, keys: [] };
  return { facts: literalFacts('oauth_refresh', ...asTexts([refresh, access])), keys: [] };
}

function literalFacts(authMethod: string, ...values: readonly (string | undefined)[]): Facts {
  const literal = isLiteral(...values);
  return { authMethod, literal, storage: literal === true ? 'plaintext_file' : undefined };
}
