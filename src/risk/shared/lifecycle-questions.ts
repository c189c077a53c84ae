import type { RiskSubject } from '../contract.ts';
import { credentialAttribute, daysSince, factOf, inDays, principalAttribute, timeOf } from './facts.ts';

/**
 * One question about a lifecycle. `known`: `weight` is the penalty (or credit, negative) that facts prove, 0 when all
 * is well. `unknown`: `best` and `worst` are the weights of the two ends.
 */
export interface Answer {
  readonly state: 'known' | 'unknown';
  readonly code: string;
  readonly weight: number;
  readonly best: number;
  readonly worst: number;
  readonly sentence: string;
}

/** Types that are a static credential or hold one; a role or a workflow has no age of its own. */
const CREDENTIAL_TYPES = new Set([
  'access_key',
  'deploy_key',
  'webhook',
  'actions_secret',
  'gcp_sa_key',
  'azure_client_secret',
  'k8s_secret',
  'ssh_key',
]);
/** Types whose dates are their own, not those of a credential they have. */
const PRINCIPAL_TYPES = new Set([
  'azure_application',
  'azure_managed_identity',
  'gcp_service_account',
  'github_app_installation',
  'iam_role',
  'iam_user',
  'k8s_service_account',
  'machine_user',
]);
const STATIC_METHODS = new Set(['static_secret', 'password', 'key_pair', 'certificate', 'oauth_refresh']);
const DEAD = new Set(['revoked', 'expired', 'disabled']);

/** Questions that make no sense for the subject are omitted. The weights are those of nhi.md 6.2. */
export function questionsOf(subject: RiskSubject): readonly Answer[] {
  const answers: Answer[] = [];
  for (const ask of isStatic(subject) ? OF_STATIC : ALWAYS) {
    const answer = ask(subject);
    if (answer !== undefined) answers.push(answer);
  }
  return answers;
}

type Question = (subject: RiskSubject) => Answer | undefined;

const ALWAYS: readonly Question[] = [unused, owner, rotation, exposed, shared, human, thirdParty, audit, review];
const OF_STATIC: readonly Question[] = [age, expiry, ...ALWAYS];

function known(code: string, weight: number, sentence: string): Answer {
  return { state: 'known', code, weight, best: weight, worst: weight, sentence };
}

const FINE = known('ok', 0, '');

function unknown(code: string, best: number, worst: number): Answer {
  return { state: 'unknown', code, weight: 0, best, worst, sentence: '' };
}

function isStatic(subject: RiskSubject): boolean {
  if (subject.credential !== undefined) return true;
  if (isPrincipal(subject)) return false;
  const method = principalAttribute(subject, 'authMethod');
  if (typeof method === 'string') return STATIC_METHODS.has(method);
  return CREDENTIAL_TYPES.has(subject.identity?.type ?? '');
}

function isPrincipal(subject: RiskSubject): boolean {
  return PRINCIPAL_TYPES.has((subject.credentialIdentity ?? subject.identity)?.type ?? '');
}

/** Date of the credential's last change, of the node that stands for the credential itself. */
function bornAt(subject: RiskSubject): unknown {
  if (isPrincipal(subject)) return undefined;
  return credentialAttribute(subject, 'lastRotatedAt') ?? credentialAttribute(subject, 'createdAt');
}

function threshold(subject: RiskSubject, name: string, fallback: number): number {
  return subject.thresholds[name] ?? fallback;
}

/** A value that was found on a day is at least that old. */
function age(subject: RiskSubject): Answer {
  const dates = [bornAt(subject), factOf(subject, 'issuedAt'), subject.exposedAt];
  const born = dates.find((date) => timeOf(date) !== undefined);
  const days = daysSince(born, subject.now);
  if (days === undefined) return unknown('age', 0, 0.1);
  const limit = maxAge(subject);
  if (days <= limit) return FINE;
  const weight = days > 2 * limit ? 0.1 : 0.05;
  return known('age', weight, `It is at least ${inDays(days)} old; the limit is ${limit}.`);
}

function maxAge(subject: RiskSubject): number {
  const type = (subject.credentialIdentity ?? subject.identity)?.type;
  if (type === 'webhook' || type === 'actions_secret')
    return threshold(subject, 'rotation.ci_secret_max_age_days', 365);
  if (principalAttribute(subject, 'privilegeTier') === 0) return threshold(subject, 'rotation.tier0_max_age_days', 30);
  return threshold(subject, 'rotation.max_age_days', 90);
}

function expiry(subject: RiskSubject): Answer {
  const date = factOf(subject, 'expiresAt') ?? credentialAttribute(subject, 'expiresAt');
  if (date === 'never') return known('noexp', 0.05, 'It never expires.');
  if (timeOf(date) !== undefined) return FINE;
  const lifetime = subject.credential?.lifetime;
  if (lifetime === 'until-revoked')
    return known('noexp', 0.05, 'Credentials of this kind live until they are revoked.');
  if (typeof lifetime !== 'number') return unknown('noexp', 0, 0.05);
  return lifetime <= 1 ? known('short', -0.1, 'It lives for at most an hour.') : FINE;
}

function unused(subject: RiskSubject): Answer {
  if (credentialAttribute(subject, 'unused') === true) return known('unused', 0.1, 'Nothing that was scanned uses it.');
  const last = credentialAttribute(subject, 'lastUsedAt');
  const never = last === undefined && credentialAttribute(subject, 'neverUsed') === true;
  const limit = unusedLimit(subject);
  const days = daysSince(never ? credentialAttribute(subject, 'createdAt') : last, subject.now);
  if (days === undefined) return unknown('unused', 0, 0.1);
  return days > limit ? known('unused', 0.1, `It was not used for ${inDays(days)}; the limit is ${limit}.`) : FINE;
}

function unusedLimit(subject: RiskSubject): number {
  const type = (subject.credentialIdentity ?? subject.identity)?.type ?? '';
  if (type === 'access_key') return threshold(subject, 'unused.aws_key_days', 45);
  return type.startsWith('gcp_') ? threshold(subject, 'unused.gcp_days', 180) : threshold(subject, 'unused.days', 90);
}

function owner(subject: RiskSubject): Answer {
  const state = principalAttribute(subject, 'ownerState') ?? credentialAttribute(subject, 'ownerState');
  if (state === 'gone') return known('owner-gone', 0.15, 'Its owner is gone.');
  if (state === 'none') return known('noowner', 0.1, 'Nobody owns it.');
  if (state === 'active') return FINE;
  const owners = subject.owners;
  if (owners.some((owner) => owner.state === 'active')) return FINE;
  if (owners.length > 0 && owners.every((owner) => owner.state === 'gone')) {
    return known('owner-gone', 0.15, 'Everyone known to own it is gone.');
  }
  return unknown('owner', 0, owners.length > 0 ? 0.15 : 0.1);
}

function rotation(subject: RiskSubject): Answer {
  const mode = credentialAttribute(subject, 'rotation') ?? principalAttribute(subject, 'rotation');
  if (mode === 'automatic') return known('rotated', -0.05, 'It is rotated automatically.');
  if (mode === 'none') return known('norotation', 0.05, 'No rotation is configured.');
  return mode === 'manual' ? FINE : unknown('rotation', -0.05, 0.05);
}

/**
 * Proven when the credential is older than its exposure and still there, or when a live check shows that it still
 * works.
 */
function exposed(subject: RiskSubject): Answer {
  const since = subject.exposedAt ?? credentialAttribute(subject, 'exposedAt');
  const days = daysSince(since, subject.now);
  if (days === undefined) return FINE;
  if (subject.verdict.state === 'inactive' || DEAD.has(String(credentialAttribute(subject, 'status')))) return FINE;
  if (days <= threshold(subject, 'exposed.grace_days', 1)) return FINE;
  const sentence = `It was exposed ${inDays(days)} ago and not rotated since.`;
  if (subject.verdict.state === 'active') return known('exposed', 0.15, sentence);
  const born = timeOf(bornAt(subject));
  if (born === undefined) return unknown('exposed', 0, 0.15);
  return born < (timeOf(since) ?? 0) ? known('exposed', 0.15, sentence) : FINE;
}

function shared(subject: RiskSubject): Answer | undefined {
  const environments = principalAttribute(subject, 'environments') ?? factOf(subject, 'environments');
  if (Array.isArray(environments) && environments.length > 1) {
    const more = environments.length > 4 ? ` and ${environments.length - 4} more` : '';
    return known('shared', 0.1, `It is used in several environments: ${environments.slice(0, 4).join(', ')}${more}.`);
  }
  const keys = credentialAttribute(subject, 'sharedKeyCount');
  return typeof keys === 'number' && keys > 1
    ? known('shared', 0.1, `The same key is in use ${keys} times.`)
    : undefined;
}

function human(subject: RiskSubject): Answer | undefined {
  if (principalAttribute(subject, 'humanUse') === true) return known('human', 0.05, 'A person uses it as well.');
  const activeKeys = principalAttribute(subject, 'activeKeys');
  const both =
    principalAttribute(subject, 'consoleAccess') === true && typeof activeKeys === 'number' && activeKeys > 0;
  return both ? known('human', 0.05, 'It has keys for machines and a console login for people.') : undefined;
}

function thirdParty(subject: RiskSubject): Answer | undefined {
  if (typeof principalAttribute(subject, 'thirdParty') !== 'string') return undefined;
  const verified = principalAttribute(subject, 'verifiedPublisher');
  if (verified === undefined) return unknown('publisher', 0, 0.1);
  return verified === false ? known('publisher', 0.1, 'Its publisher is not verified.') : FINE;
}

function audit(subject: RiskSubject): Answer | undefined {
  const audited = principalAttribute(subject, 'audited');
  return audited === false ? known('noaudit', 0.05, 'Its use is not logged.') : undefined;
}

function review(subject: RiskSubject): Answer | undefined {
  const days = daysSince(principalAttribute(subject, 'lastReviewedAt'), subject.now);
  const limit = threshold(subject, 'review.max_days', 90);
  if (days === undefined || days <= limit) return undefined;
  return known('review', 0.05, `Its last review was ${inDays(days)} ago; the limit is ${limit}.`);
}
