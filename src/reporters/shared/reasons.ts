import type { GapReason, SkipReason } from '../../model/gap.ts';

/** Every reason of a gap: a missing one is a type error. */
export const GAP_REASONS: Readonly<Record<GapReason, true>> = {
  'not-found': true,
  'not-a-repository': true,
  unreadable: true,
  'too-large': true,
  corrupt: true,
  limit: true,
  timeout: true,
  shallow: true,
  'missing-object': true,
  denied: true,
  'rate-limited': true,
  'provider-error': true,
  unsupported: true,
  malformed: true,
  'rule-timeout': true,
  'nothing-planned': true,
  bug: true,
};

/** Every reason of a skip. */
export const SKIP_REASONS: Readonly<Record<SkipReason, true>> = {
  symlink: true,
  submodule: true,
  empty: true,
  excluded: true,
  'special-file': true,
  absent: true,
  template: true,
  'declarations-not-read': true,
};
