import { defined } from '../../lib/fields/defined.ts';
import { asObject, asText, type Loose } from '../shared/loose.ts';

/** What the claims of a token say. The token itself goes nowhere. */
export interface TokenClaims {
  /** Date, or `never` where the token says that it is one without an end. */
  readonly expiresAt?: string;
  /** `<namespace>:<name>` of a service account. */
  readonly serviceAccount?: string;
}

const LONGEST = 16 * 1024;
const LATEST = 8.64e12;

/** Reads the claims of a JSON web token. Undefined for any other token. */
export function readTokenClaims(token: string): TokenClaims | undefined {
  const parts = token.trim().split('.');
  if (parts.length !== 3 || token.length > LONGEST) return undefined;
  const claims = parseClaims(parts[1] ?? '');
  if (claims === undefined) return undefined;
  const account = /^system:serviceaccount:([^:\s]+:[^:\s]+)$/.exec(asText(claims['sub']) ?? '')?.[1];
  return defined({ expiresAt: endOf(claims), serviceAccount: account });
}

function endOf(claims: Loose): string | undefined {
  const end = claims['exp'];
  if (end === undefined) return 'never';
  return typeof end === 'number' && Math.abs(end) < LATEST ? new Date(end * 1000).toISOString() : undefined;
}

function parseClaims(part: string): Loose | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? asObject(value) : undefined;
  } catch {
    return undefined;
  }
}
