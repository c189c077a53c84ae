import type { Secret } from '../../model/secret.ts';
import type { Failed } from '../shared/transport.ts';

/** In the order in which they are looked at. */
export const TOKEN_NAMES = ['BOWERBIRD_GITHUB_TOKEN', 'GITHUB_TOKEN', 'GH_TOKEN'] as const;

/** The kind of a token, which its public prefix tells. It decides which endpoints can be asked at all. */
export type TokenKind = 'app' | 'fine-grained' | 'classic' | 'unknown';

/** What a client authenticates with. */
export interface Credential {
  readonly kind: TokenKind;
  /** Returns the token of this job, or why there is none. */
  token(): Promise<Secret | Failed>;
  /** Replaces a token that was refused. Absent: nothing can replace it. */
  renew?(refused: Secret): Promise<Secret | Failed>;
  /** True if it is known to see only some repositories of the owner. */
  seesSome?(): Promise<boolean>;
}

/** A token that the user gave. */
export function tokenCredential(token: Secret): Credential {
  return { kind: tokenKind(token.reveal()), token: async () => token };
}

/** Returns the kind of a token, which its public prefix tells. */
export function tokenKind(token: string): TokenKind {
  if (token.startsWith('ghs_')) return 'app';
  if (token.startsWith('github_pat_')) return 'fine-grained';
  return /^gh[opu]_/.test(token) || /^[0-9a-f]{40}$/.test(token) ? 'classic' : 'unknown';
}
