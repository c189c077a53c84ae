import type { Failed } from '../../clients/shared/transport.ts';
import type { GapReason } from '../../model/gap.ts';
import type { HostGap, HostState } from '../contract.ts';

/** What a gap is made of besides its state. */
interface GapParts {
  readonly subject: string;
  /** One sentence, with what to do about it. */
  readonly message: string;
  /** True if more than this subject is missed: the rest of a list. */
  readonly scope?: boolean;
}

const REASONS: Readonly<Record<HostState, GapReason>> = {
  renamed: 'not-found',
  duplicate: 'unsupported',
  deleted: 'not-found',
  disabled: 'denied',
  denied: 'denied',
  expired: 'denied',
  partial: 'denied',
  'not-found': 'not-found',
  'rate-limited': 'rate-limited',
  unreachable: 'provider-error',
  malformed: 'malformed',
  limit: 'limit',
  refused: 'unsupported',
};

/** Makes a gap of a named state. */
export function hostGap(state: HostState, { subject, message, scope }: GapParts, reason?: GapReason): HostGap {
  return { state, reason: reason ?? REASONS[state], subject, message, ...(scope === true ? { scope } : {}) };
}

/** Returns the state that a failed request stands for. `before`: an earlier request with this token was answered. */
export function stateOf(failed: Failed, before: boolean): HostState {
  if (failed.reason === 'rate-limited') return 'rate-limited';
  if (failed.status === 401) return before ? 'expired' : 'denied';
  if (failed.reason === 'denied') return 'denied';
  return failed.reason === 'malformed' || failed.reason === 'limit' ? failed.reason : 'unreachable';
}

/** What the user can do about a state, as a sentence. */
export function adviceOf(state: HostState): string {
  if (state === 'expired') {
    return 'The token was good before, so it expired or was revoked: use a GitHub App, or a token that outlives a night.';
  }
  if (state === 'rate-limited') return 'Run again later, or let the run wait longer (max-wait).';
  if (state === 'denied') return 'Check the token and its permissions.';
  return 'Run again.';
}
