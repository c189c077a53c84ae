import { defined } from '../../lib/fields/defined.ts';
import type { Json } from '../../model/json.ts';
import { type CheckOutcome, defineCheck, type ValueInput } from '../contract.ts';
import { decodeJsonObject, isObject } from '../shared/decode.ts';
import { isoFromSeconds } from '../shared/iso-date.ts';
import { listSome } from '../shared/list-some.ts';

type Claims = Readonly<Record<string, unknown>>;

/**
 * Claims that become facts under another name or the same. None of them is secret; names and e-mail addresses of people
 * stay out.
 */
const CLAIM_FACTS: Readonly<Record<string, string>> = {
  iss: 'iss',
  sub: 'sub',
  aud: 'aud',
  azp: 'clientId',
  client_id: 'clientId',
  appid: 'clientId',
  tid: 'tenantId',
  scope: 'scope',
  scp: 'scope',
  role: 'role',
  roles: 'roles',
  ref: 'projectRef',
  typ: 'tokenType',
};
const LONGEST_FACT = 300;
const LONGEST_KEY = 4096;

/** Decodes header and claims of a JSON Web Token; nothing is verified. Text that is not JSON inside is no token. */
export default defineCheck({
  id: 'jwt',
  title: 'Header and claims of JSON Web Tokens; nothing is verified',
  applies: 'named',
  reads: 'value',
  options: {},
  facts: [
    'alg',
    'encrypted',
    'iss',
    'sub',
    'aud',
    'clientId',
    'tenantId',
    'scope',
    'role',
    'roles',
    'projectRef',
    'tokenType',
    'issuedAt',
    'expiresAt',
    'expired',
    'kubernetesServiceAccount',
  ],
  keys: ['jwt-issuer', 'jwt-subject', 'kubernetes-service-account', 'azure-client-id', 'gcp-service-account'],
  evaluate(input) {
    const parts = input.value.split('.');
    const header = decodeJsonObject(parts[0] ?? '');
    if (typeof header?.['alg'] !== 'string')
      return { state: 'drop', reason: 'The first part is no JSON with an algorithm' };
    if (parts.length === 5)
      return { state: 'pass', reason: 'The token is encrypted (JWE)', facts: { alg: header['alg'], encrypted: true } };
    const claims = decodeJsonObject(parts[1] ?? '');
    if (claims === undefined) return { state: 'drop', reason: 'The second part is no JSON object' };
    return (
      judge(claims) ?? {
        state: 'pass',
        reason: 'Header and claims are JSON',
        facts: readFacts(input, header['alg'], claims),
      }
    );
  },
});

function judge(claims: Claims): CheckOutcome | undefined {
  if (claims['sub'] === '1234567890' && claims['iat'] === 1_516_239_022) {
    return { state: 'lower', to: 'placeholder', reason: 'The claims are the sample of jwt.io' };
  }
  if (claims['iss'] === 'supabase' && claims['role'] === 'anon') {
    return { state: 'drop', reason: 'The token is a Supabase anon key, made to be published' };
  }
  if (claims['iss'] === 'supabase-demo') {
    return { state: 'lower', to: 'placeholder', reason: 'The token is the one that every local Supabase has' };
  }
  return undefined;
}

function readFacts({ now }: ValueInput, alg: string, claims: Claims): Readonly<Record<string, Json>> {
  const facts: Record<string, Json> = { alg };
  for (const [claim, name] of Object.entries(CLAIM_FACTS)) {
    const value = toFact(claims[claim]);
    if (value !== undefined) facts[name] = value;
  }
  const issuedAt = isoFromSeconds(claims['iat']);
  if (issuedAt !== undefined) facts['issuedAt'] = issuedAt;
  const account = readServiceAccount(claims);
  if (account !== undefined) facts['kubernetesServiceAccount'] = account;
  return { ...facts, ...readExpiry(claims, now), keys: readKeys(claims, account) };
}

function readExpiry(claims: Claims, now: Date): Readonly<Record<string, Json>> {
  if (claims['exp'] === undefined) return { expiresAt: 'never' };
  const expiresAt = isoFromSeconds(claims['exp']);
  return expiresAt === undefined ? {} : { expiresAt, expired: Date.parse(expiresAt) < now.getTime() };
}

/** `<namespace>:<name>` from the subject, the claims of bound tokens or those of older ones. */
function readServiceAccount(claims: Claims): string | undefined {
  const subject = /^system:serviceaccount:([a-z0-9.-]{1,63}:[a-z0-9.-]{1,253})$/.exec(String(claims['sub'] ?? ''));
  if (subject !== null) return subject[1];
  const namespace = claims['kubernetes.io/serviceaccount/namespace'];
  const name = claims['kubernetes.io/serviceaccount/service-account.name'];
  return typeof namespace === 'string' && typeof name === 'string' ? `${namespace}:${name}` : undefined;
}

function readKeys(claims: Claims, account: string | undefined): Readonly<Record<string, string>> {
  const [issuer, subject] = [readKey(claims['iss']), readKey(claims['sub'])];
  const application = claims['appid'];
  return {
    ...defined({ 'jwt-issuer': issuer }),
    ...(issuer === undefined || subject === undefined ? {} : { 'jwt-subject': `${issuer}|${subject}` }),
    ...defined({ 'kubernetes-service-account': account }),
    ...defined({ 'gcp-service-account': [claims['email'], claims['iss'], claims['sub']].find(isServiceAccount) }),
    ...(typeof application === 'string' && isGuid(application) ? { 'azure-client-id': application.toLowerCase() } : {}),
  };
}

/** Only a whole text is a key: one that is cut off names nobody, or somebody else. */
function readKey(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim.length <= LONGEST_KEY ? claim : undefined;
}

/** E-mail of a service account of Google Cloud: an identity, no person. */
function isServiceAccount(claim: unknown): claim is string {
  return typeof claim === 'string' && /^[a-z0-9-]{1,63}@[a-z0-9.-]{1,120}\.gserviceaccount\.com$/.test(claim);
}

function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

function toFact(value: unknown): Json | undefined {
  if (typeof value === 'string') return isPersonal(value) ? undefined : value.slice(0, LONGEST_FACT);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (!Array.isArray(value) || isObject(value)) return undefined;
  return listSome(value.filter((item): item is string => typeof item === 'string'));
}

/** E-mail addresses of people stay out; those of Google service accounts are identities. */
function isPersonal(text: string): boolean {
  return /^[^\s@/:]+@[^\s@/:]+$/.test(text) && !text.endsWith('.gserviceaccount.com');
}
