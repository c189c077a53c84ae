import type { Secret } from '../model/secret.ts';
import type { Verdict } from '../model/verdict.ts';

/** What a verifier may use of a finding. */
export interface VerifyInput {
  readonly secret: Secret;
  readonly parts: Readonly<Record<string, string>>;
  readonly now: Date;
}

/** The least-privilege read-only request. `url` must be https and its host on the verifier's list. */
export interface VerifyRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer, already bounded: at most 64 KiB of body. */
export interface VerifyResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * One provider's live check. It only builds a request and reads the answer; the sender in `http.ts` is the only one
 * that talks. Every answer that proves nothing (429, 5xx, HTML, garbage) is `unknown`.
 */
export interface Verifier {
  readonly id: string;
  readonly title: string;
  readonly hosts: readonly string[];
  /** Undefined: the finding lacks a part that the request needs (verdict `not-verifiable`). */
  request(input: VerifyInput): VerifyRequest | undefined;
  classify(response: VerifyResponse): Verdict;
}

/** Gives a verifier its type. */
export function defineVerifier(verifier: Verifier): Verifier {
  return verifier;
}
