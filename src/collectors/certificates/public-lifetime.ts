/**
 * Longest life in days of a certificate that a public authority issues for a host, by the day from which it counts
 * (CA/Browser Forum, ballot SC-081v3).
 */
const LIMITS: readonly (readonly [from: string, days: number])[] = [
  ['2029-03-15', 47],
  ['2027-03-15', 100],
  ['2026-03-15', 200],
  ['2020-09-01', 398],
  ['2018-03-01', 825],
];
const OLDEST_LIMIT = 1186;

/** The limit on the day of issue. */
export function publicLifetimeLimit(notBefore: string): number {
  return LIMITS.find(([from]) => notBefore >= from)?.[1] ?? OLDEST_LIMIT;
}
