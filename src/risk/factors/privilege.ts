import type { Identity } from '../../model/identity.ts';
import { defineFactor, type RiskSubject } from '../contract.ts';
import { attributeOf, credentialAttribute, factOf, principalAttribute } from '../shared/facts.ts';

interface Power {
  readonly code: string;
  readonly weight: number;
  readonly sentence: string;
  readonly best?: number;
  readonly worst?: number;
}

const ADMIN = power('admin', 1, 'It can become administrator.');
const WRITES_ALL = power('write-all', 0.85, 'It writes to production or to everything in its scope.');
const READS_SECRETS = power('sensitive', 0.8, 'It reads secrets or other sensitive data.');
const WRITES = power('write', 0.55, 'It writes to a limited set of resources.');
const READS_ALL = power('read-all', 0.4, 'It reads broadly, but nothing known to be sensitive.');
const READS = power('read', 0.25, 'It reads a limited set of resources.');
const READS_SOMETHING = { ...READS, worst: READS_ALL.weight };
const TEST = power('test', 0.1, 'It reaches a test or sandbox environment only.');
const UNKNOWN = { ...power('unk', 0.6, 'What it may do is not known.'), best: 0.1, worst: 1 };
const SENSITIVE = /secret|credential|password|kms/i;

/** P: what the credential lets its holder do. Known grants beat the form of the credential, which beats a guess. */
export default defineFactor({
  id: 'P',
  title: 'privilege: what the credential can do and reach',
  exponent: 0.35,
  order: 2,
  evaluate(subject) {
    const power = powerOf(subject);
    const { factor, words } = sensitivityOf(subject);
    const scale = (weight: number): number => Math.min(1, weight * factor);
    return {
      id: 'P',
      code: power.code,
      weight: scale(power.weight),
      best: scale(power.best ?? power.weight),
      worst: scale(power.worst ?? power.weight),
      sentence: words === '' ? power.sentence : `${power.sentence} ${words}`,
    };
  },
});

function power(code: string, weight: number, sentence: string): Power {
  return { code, weight, sentence };
}

function powerOf(subject: RiskSubject): Power {
  const tier = tierOf(subject);
  if (tier !== undefined) return powerOfTier(tier, subject);
  if (subject.credential?.environment === 'test' || factOf(subject, 'environment') === 'test') return TEST;
  return fromProfile(subject) ?? UNKNOWN;
}

/** 0 (most) to 4: computed by a collector, proved by a live check, or the strongest grant. */
function tierOf(subject: RiskSubject): number | undefined {
  const stated = [
    principalAttribute(subject, 'privilegeTier'),
    credentialAttribute(subject, 'privilegeTier'),
    factOf(subject, 'privilegeTier'),
  ];
  let least = Number.POSITIVE_INFINITY;
  for (const tier of stated) if (typeof tier === 'number' && Number.isFinite(tier)) least = Math.min(least, tier);
  // Administrators have hundreds of grants, and none says more.
  if (least <= 0) return least;
  for (const { tier } of subject.identity?.grants ?? []) if (tier < least) least = tier;
  return Number.isFinite(least) ? least : undefined;
}

function powerOfTier(tier: number, subject: RiskSubject): Power {
  if (tier <= 0) return ADMIN;
  if (tier <= 1) return WRITES_ALL;
  if (tier <= 2) return readsSensitive(subject.identity) ? READS_SECRETS : WRITES;
  if (tier >= 4) return TEST;
  const scope = principalAttribute(subject, 'resourceScope');
  if (scope === 'all') return READS_ALL;
  return scope === undefined ? READS_SOMETHING : READS;
}

function readsSensitive(identity: Identity | undefined): boolean {
  if (attributeOf(identity, 'readsSecrets') === true) return true;
  return (identity?.grants ?? []).some((grant) => grant.tier <= 2 && SENSITIVE.test(grant.permission));
}

function fromProfile(subject: RiskSubject): Power | undefined {
  const privilege = subject.credential?.privilege;
  if (privilege === undefined) return undefined;
  const sentence = `By its form: ${privilege.why}`;
  return { code: 'form', weight: privilege.weight, best: Math.min(TEST.weight, privilege.weight), worst: 1, sentence };
}

function sensitivityOf(subject: RiskSubject): { readonly factor: number; readonly words: string } {
  const sensitivity = principalAttribute(subject, 'sensitivity');
  if (sensitivity === 'restricted') return { factor: 1.15, words: 'The resource is tagged as restricted.' };
  if (sensitivity === 'public') return { factor: 0.6, words: 'The resource is tagged as public.' };
  return { factor: 1, words: '' };
}
