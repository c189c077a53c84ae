/**
 * Default thresholds by dotted name: days unless the name says otherwise. A configuration may replace each of them;
 * posture rules and the lifecycle factor name them. Sources: CIS benchmarks and the vendors' own limits (nhi.md 2.2,
 * 5.4).
 */
export const DEFAULT_THRESHOLDS: Readonly<Record<string, number>> = Object.freeze({
  'rotation.max_age_days': 90,
  'rotation.tier0_max_age_days': 30,
  /** Webhooks and CI secrets: nobody can read them back, so they may live longer. */
  'rotation.ci_secret_max_age_days': 365,
  'unused.days': 90,
  'unused.aws_key_days': 45,
  'unused.gcp_days': 180,
  'expiry.max_days': 365,
  'expiry.sas_max_days': 30,
  'expiry.jwt_max_days': 90,
  'expiry.npm_max_days': 90,
  'expiring_soon.days': 30,
  'review.max_days': 90,
  'owners.min': 1,
  'session.max_hours': 1,
  'reuse.max_locations': 1,
  'pending_request.days': 14,
  'stale_repo.days': 180,
  /** A credential that is still in use this long after it was exposed counts as exposed and not rotated. */
  'exposed.grace_days': 1,
  /** Keys of a user that may be active at the same time. */
  'keys.max_active': 1,
});
