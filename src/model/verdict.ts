import type { Json } from './json.ts';

export type VerdictState = 'active' | 'inactive' | 'unknown' | 'not-verifiable' | 'not-tried';

/** Result of a live check. `unknown` covers every answer that proves nothing (429, 5xx, a WAF page, a time-out). */
export interface Verdict {
  readonly state: VerdictState;
  readonly reason: string;
  readonly verifier?: string;
  /** ISO 8601, UTC. */
  readonly checkedAt?: string;
  /** What the answer told of identity and scope; never the secret. */
  readonly facts?: Readonly<Record<string, Json>>;
}

export const NOT_TRIED: Verdict = { state: 'not-tried', reason: 'live checks are off (no --verify)' };
