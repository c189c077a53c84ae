import { defineFactor, type RiskSubject } from '../contract.ts';
import { credentialAttribute, daysSince, factOf, inDays, principalAttribute } from '../shared/facts.ts';

interface Life {
  readonly code: string;
  readonly weight: number;
  readonly sentence: string;
  readonly best?: number;
  readonly worst?: number;
}

const PLACEHOLDER = life('placeholder', 0, 'It is a placeholder: it cannot authenticate.');
const REVOKED = life('revoked', 0.02, 'It was revoked.');
const EXPIRED = life('expired', 0.05, 'It has expired.');
const INVALID = life('invalid', 0.05, 'A live check said that it does not work.');
const DISABLED = life('disabled', 0.25, 'It is disabled, but can be enabled again.');
const TEST = life('test', 0.25, 'It is a key for a test environment.');
const LIVE = life('live', 1, 'A live check said that it works.');
const ACTIVE = life('active', 1, 'The provider lists it as active.');
const LISTED = { ...life('listed', 1, 'It is configured; nobody said that it is disabled.'), best: 0.25 };
const TEMPORARY = { ...life('temporary', 0.3, 'It lives for at most 12 hours.'), best: 0.05, worst: 1 };
const UNCHECKED = { ...life('unk', 0.7, 'Its form is valid; whether it works was not checked.'), best: 0.05, worst: 1 };
const SOON_DAYS = 7;
const TEMPORARY_HOURS = 12;
const NETWORK_CREDIT = 0.25;

/** V: does it work, now and for how long. */
export default defineFactor({
  id: 'V',
  title: 'validity: does it work',
  exponent: 0.3,
  order: 3,
  evaluate(subject) {
    const life = restricted(subject, lifeOf(subject));
    const { code, weight, sentence } = life;
    return { id: 'V', code, weight, best: life.best ?? weight, worst: life.worst ?? weight, sentence };
  },
});

function life(code: string, weight: number, sentence: string): Life {
  return { code, weight, sentence };
}

function lifeOf(subject: RiskSubject): Life {
  if (subject.grade === 'placeholder') return PLACEHOLDER;
  return deadOf(subject) ?? testKey(subject) ?? aliveOf(subject);
}

/** A live answer beats what metadata says; both beat dates. */
function deadOf(subject: RiskSubject): Life | undefined {
  const { state } = subject.verdict;
  if (state === 'active') return undefined;
  const status = credentialAttribute(subject, 'status') ?? factOf(subject, 'status');
  if (status === 'revoked') return REVOKED;
  if (status === 'expired') return EXPIRED;
  if (state === 'inactive') return INVALID;
  if ((daysUntilExpiry(subject) ?? 1) <= 0) return EXPIRED;
  return status === 'disabled' || status === 'suspended' ? DISABLED : undefined;
}

function testKey(subject: RiskSubject): Life | undefined {
  const test = subject.credential?.environment === 'test' || factOf(subject, 'environment') === 'test';
  return test ? TEST : undefined;
}

function aliveOf(subject: RiskSubject): Life {
  if (subject.verdict.state === 'active') return LIVE;
  const expiring = expiringSoon(subject);
  if (expiring !== undefined) return expiring;
  if (credentialAttribute(subject, 'status') === 'active') return ACTIVE;
  if (subject.credential === undefined) return LISTED;
  const { lifetime } = subject.credential;
  return typeof lifetime === 'number' && lifetime <= TEMPORARY_HOURS ? TEMPORARY : UNCHECKED;
}

function expiringSoon(subject: RiskSubject): Life | undefined {
  const days = daysUntilExpiry(subject);
  if (days === undefined || days > SOON_DAYS) return undefined;
  const worst = subject.credential === undefined ? 0.6 : 1;
  return { ...life('expires-soon', 0.6, `It expires within ${inDays(Math.ceil(days))}.`), best: 0.05, worst };
}

function daysUntilExpiry(subject: RiskSubject): number | undefined {
  const date = factOf(subject, 'expiresAt') ?? credentialAttribute(subject, 'expiresAt');
  const since = daysSince(date, subject.now);
  return since === undefined ? undefined : -since;
}

/** A credential that works from named networks only is worth less to a thief. */
function restricted(subject: RiskSubject, life: Life): Life {
  const limited = principalAttribute(subject, 'networkRestricted') ?? credentialAttribute(subject, 'networkRestricted');
  if (limited !== true || life.weight < 1) return life;
  const sentence = `${life.sentence} It works from named networks only.`;
  const lower = (weight: number): number => Math.max(0, weight - NETWORK_CREDIT);
  return {
    code: `${life.code}+network`,
    weight: lower(life.weight),
    best: lower(life.best ?? life.weight),
    sentence,
  };
}
