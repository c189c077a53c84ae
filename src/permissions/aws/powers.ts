import { mergeFields } from '../../lib/fields/merge-fields.ts';
import type { PrivilegeTier } from '../../model/identity.ts';
import type { Power, PowerFamily } from '../contract.ts';
import { type AskedBits, askedWithout, bothAsked, isAsked, isNoneAsked, setAsked } from './action-sets/bits.ts';
import { numberOf } from './action-sets/numbers.ts';
import {
  type NameLists,
  type Numbered,
  numbered,
  type PlainFamily,
  plainFamily,
} from './action-sets/plain-families.ts';
import { ESCALATIONS, type Escalation, SELF_GRANTING } from './actions.ts';
import { type AttachedPolicy, readBounds } from './attached-policy.ts';
import { CREDENTIAL_ACTIONS, DATA_ACTIONS, VAULT_ACTIONS } from './judged/reads.ts';
import { MEMBERSHIP_ACTIONS, NO_MANAGEMENT } from './judged/writes.ts';
import type { PolicySet } from './policy-set.ts';
import type { Allowed } from './reach.ts';
import { PERMISSION_ACTIONS } from './tables.ts';

/** A set of actions; the role that is passed counts first. */
type NumberedEscalation = Escalation & { readonly numbers: readonly Numbered[] };

/** Most powers of one family that are told as such, on everything and on some; names of the others stand in lists. */
const MOST_TOLD = 10;

const NUMBERED_ESCALATIONS: readonly NumberedEscalation[] = ESCALATIONS.map((escalation) => ({
  ...escalation,
  numbers: numbered(escalation.actions),
}));
const DIRECT = NUMBERED_ESCALATIONS.filter(({ gain }) => gain === 'any-permission');
/** Actions that give a role any policy, and those that make a role, or say who may act as it. */
const ROLE_GRANTING = ['iam:AttachRolePolicy', 'iam:PutRolePolicy'];
const ROLE_MAKERS = numbered(['iam:CreateRole', 'iam:UpdateAssumeRolePolicy']);
const CREDENTIALS = plainFamily('credential-exposure', CREDENTIAL_ACTIONS, credentialTier);
const DATA = plainFamily('data-exfiltration', DATA_ACTIONS, () => 2);
const MANAGEMENT = plainFamily(
  'permission-management',
  [...MEMBERSHIP_ACTIONS, ...PERMISSION_ACTIONS].filter((action) => !NO_MANAGEMENT.includes(action)),
  (_, all) => (all ? 1 : 2),
);
/** Not handed out where services alone may use the key. */
const DECRYPT = numberOf('kms:Decrypt') ?? -1;

/** What a principal may do. */
export interface FoundPowers {
  /** The strongest first. Of a plain family only the first few. */
  readonly powers: readonly Power[];
  /** Of plain families: all actions that are allowed on every resource of their kind. */
  readonly names: ReadonlyMap<PowerFamily, readonly string[]>;
}

/** Powers of one principal. `lists` makes equal lists one. */
export function findPowers(set: PolicySet, lists: NameLists): FoundPowers {
  const administrator = findAdministrator(set);
  if (administrator !== undefined) return { powers: [administrator], names: new Map() };
  const plain = [CREDENTIALS, DATA, MANAGEMENT].map((family) => ({ family, ...askFamily(set, family) }));
  const powers = [
    ...escalations(set),
    ...plain.flatMap(({ family, everywhere, limited }) => plainPowers(set, family, everywhere, limited)),
    ...set.wildcards(),
  ];
  return {
    powers: strongestFirst(powers, ({ tier, everywhere }) => 2 * tier + (everywhere ? 0 : 1)),
    names: new Map(plain.map(({ family, everywhere }) => [family.family, lists.of(family, everywhere)])),
  };
}

/** Ranks of powers: two of each tier. */
const RANKS = 10;

/** Powers by rank; those of one rank keep their order. There are a few ranks, so that nothing need be compared. */
function strongestFirst(powers: readonly Power[], rankOf: (power: Power) => number): readonly Power[] {
  const ranks = powers.map(rankOf);
  const sorted: Power[] = [];
  for (let rank = 0; rank < RANKS; rank += 1) {
    for (let index = 0; index < ranks.length; index += 1) {
      if (ranks[index] === rank) sorted.push(powers[index] as Power);
    }
  }
  return sorted;
}

/** Everything on everything, where no deny or boundary keeps it from giving itself more. */
function findAdministrator(set: PolicySet): Power | undefined {
  const source = set.everything();
  if (source === undefined) return undefined;
  const isFree = DIRECT.every(({ numbers }) => numbers.every(({ number }) => isAsked(set.everywhere, number)));
  if (!isFree) return undefined;
  return { family: 'administrator', tier: 0, actions: ['*'], resource: '*', everywhere: true, source };
}

/** All credentials of a vault are tier 1; a session or token of another is judged as an escalation. */
function credentialTier(action: string, everywhere: boolean): PrivilegeTier {
  return everywhere && VAULT_ACTIONS.includes(action) ? 1 : 2;
}

/** Which actions of a family are allowed, on every resource and on some. */
function askFamily(set: PolicySet, { mask }: PlainFamily): { everywhere: AskedBits; limited: AskedBits } {
  const everywhere = bothAsked(mask, set.everywhere);
  const limited = askedWithout(bothAsked(mask, set.allowed), everywhere);
  if (isAsked(mask, DECRYPT) !== true || !set.has(DECRYPT)) return { everywhere, limited };
  const reach = set.reachWhere(DECRYPT, isDirect)?.reach;
  setAsked(everywhere, DECRYPT, reach === 'all');
  setAsked(limited, DECRYPT, reach !== undefined && reach !== 'all');
  return { everywhere, limited };
}

function plainPowers(set: PolicySet, family: PlainFamily, everywhere: AskedBits, limited: AskedBits): Power[] {
  return [
    ...firstPowers(set, family, family.strongestFirst, everywhere),
    ...firstPowers(set, family, family.actions, limited),
  ];
}

function firstPowers(
  set: PolicySet,
  { family, tierOf }: PlainFamily,
  actions: readonly Numbered[],
  bits: AskedBits,
): Power[] {
  const powers: Power[] = [];
  if (isNoneAsked(bits)) return powers;
  for (const { action, number } of actions) {
    if (isAsked(bits, number) !== true) continue;
    const allowed = number === DECRYPT ? set.reachWhere(number, isDirect) : set.reach(number);
    if (allowed === undefined || allowed.reach === 'own') continue;
    const { resource, source, reach } = allowed;
    const isEverywhere = reach === 'all';
    powers.push({
      family,
      tier: tierOf(action, isEverywhere),
      actions: [action],
      resource,
      everywhere: isEverywhere,
      source,
    });
    if (powers.length >= MOST_TOLD) break;
  }
  return powers;
}

/** The caller itself gets the plain text. */
function isDirect({ throughService }: Allowed): boolean {
  return !throughService;
}

function escalations(set: PolicySet): Power[] {
  const powers: Power[] = [];
  for (const escalation of NUMBERED_ESCALATIONS) {
    const power = escalate(set, escalation);
    if (power !== undefined) powers.push(power);
  }
  return powers;
}

function escalate(set: PolicySet, escalation: NumberedEscalation): Power | undefined {
  const { actions, numbers } = escalation;
  for (const { number } of numbers) if (!set.has(number)) return undefined;
  let first: Allowed | undefined;
  let [all, usable] = [true, true];
  for (const action of numbers) {
    const hit = bestHit(set, escalation, action);
    if (hit === undefined) return undefined;
    all &&= hit.reach === 'all';
    // The role is what counts: a new function of any name can take it.
    if (first !== undefined) usable &&= isUsable(hit);
    first ??= hit;
  }
  if (first === undefined) return undefined;
  const judged = judge(set, escalation, { first, all, usable });
  if (judged === undefined) return undefined;
  const { family, tier, everywhere } = judged;
  return { family, tier, actions, resource: first.resource, everywhere, source: first.source };
}

type Judged = Pick<Power, 'family' | 'tier' | 'everywhere'>;

const ACTS_ELSEWHERE: Judged = { family: 'lateral-movement', tier: 1, everywhere: true };
const PASSES_SOME: Judged = { family: 'lateral-movement', tier: 2, everywhere: false };
const ESCALATES: Judged = { family: 'escalation', tier: 0, everywhere: true };
const ESCALATES_LITTLE: Judged = { family: 'escalation', tier: 2, everywhere: false };
const ESCALATES_SOME: Judged = { family: 'escalation', tier: 1, everywhere: false };

/** How the actions of an escalation are allowed: the first, whether all everywhere, whether the others can be used. */
interface Hits {
  readonly first: Allowed;
  readonly all: boolean;
  readonly usable: boolean;
}

function judge(set: PolicySet, { gain, actions }: Escalation, { first, all, usable }: Hits): Judged | undefined {
  if (gain === 'existing-role') return all ? ACTS_ELSEWHERE : undefined;
  if (gain === 'passed-role') return first.reach === 'all' && usable ? ESCALATES : PASSES_SOME;
  const [action = ''] = actions;
  const ceiling = set.ceilingOf(first);
  // Whoever gets it is limited to named policies, so nobody gets more than these allow.
  if (ceiling !== undefined && ceiling > 0) return ceiling === 1 ? ESCALATES_SOME : ESCALATES_LITTLE;
  if (all || set.isOnItself(action, first) || makesAdministrator(set, action, first)) return ESCALATES;
  if (first.reach !== 'own') return ESCALATES_SOME;
  return SELF_GRANTING.includes(action) ? ESCALATES : undefined;
}

/**
 * Whether a role that the caller can act as gets any policy: one of these names is made, or its trust written, by the
 * caller too. A condition, such as on the boundary or on the policy, may stand against it.
 */
function makesAdministrator(set: PolicySet, action: string, { conditional, reach, resource }: Allowed): boolean {
  if (!ROLE_GRANTING.includes(action) || conditional || reach !== 'some') return false;
  return ROLE_MAKERS.some(({ number }) => {
    const maker = set.reach(number);
    return maker !== undefined && !maker.conditional && (maker.reach === 'all' || maker.resource === resource);
  });
}

/** The widest statement that allows an action; of `iam:PassRole`, one that may be passed to a taker of the role. */
function bestHit(set: PolicySet, { takers }: Escalation, { action, number }: Numbered): Allowed | undefined {
  if (takers === undefined) return preferred(set, number, ({ ceiling }) => ceiling === undefined);
  // What a request has beside the role may be limited in one statement and free in another.
  if (action !== 'iam:PassRole') return preferred(set, number, isUsable);
  return set.reachWhere(number, ({ services }) => canPass(services, takers));
}

/** The widest way that passes a test, else the widest. */
function preferred(set: PolicySet, number: number, isBetter: (allowed: Allowed) => boolean): Allowed | undefined {
  const widest = set.reach(number);
  if (widest === undefined || isBetter(widest)) return widest;
  return set.reachWhere(number, isBetter) ?? widest;
}

function isUsable({ conditional, reach }: Allowed): boolean {
  return !conditional && reach !== 'own';
}

function canPass(services: readonly string[] | undefined, takers: readonly string[]): boolean {
  if (services === undefined) return true;
  return services.some((service) => service.includes('*') || takers.some((taker) => service.startsWith(taker)));
}

/** Powers, and the tier: that of the strongest power or statement. Undefined: unknown. */
export interface Evaluation extends FoundPowers {
  /** False: a part was not read. */
  readonly complete: boolean;
  readonly tier: PrivilegeTier | undefined;
}

/** What a set of policies amounts to. `known`: all of it was read. */
export function evaluate(set: PolicySet, known: boolean, lists: NameLists): Evaluation {
  const named = findPowers(set, lists);
  const powers = strongestFirst([...named.powers, ...otherPowers(set)], ({ tier }) => 2 * tier);
  const tier = powers[0]?.tier ?? 4;
  return { powers, names: named.names, complete: known, tier: known || tier === 0 ? tier : undefined };
}

/** What policies amount to whatever their unknown resources are; undefined where that depends on them. */
export function withinBounds(
  policies: readonly AttachedPolicy[],
  setOf: (policies: readonly AttachedPolicy[]) => PolicySet,
  lists: NameLists,
): Evaluation | undefined {
  const bounds = readBounds(policies);
  if (bounds === undefined) return undefined;
  const [leastSet, mostSet] = [setOf(bounds.least), setOf(bounds.most)];
  if (!leastSet.known || !mostSet.known) return undefined;
  const least = evaluate(leastSet, true, lists);
  return least.tier === evaluate(mostSet, true, lists).tier ? mergeFields(least, { complete: false }) : undefined;
}

/** What statements allow beside the named powers: writes and reads. */
function otherPowers(set: PolicySet): Power[] {
  const powers: Power[] = [];
  for (const standing of set.statements) {
    const { compiled, source } = standing;
    const { actions, resources } = compiled.statement;
    const worth = resources.patterns.length === 0 && !resources.except ? undefined : set.worthOf(standing);
    // What the caller may do with itself is a power where it leads further: then it stands among the escalations.
    if (worth === undefined || compiled.grantor?.reach === 'own') continue;
    const everywhere = compiled.grantor?.reach === 'all';
    // What makes tier 0 is a power of its own; this is the rest.
    const tier = Math.max(1, everywhere ? worth.onAll : worth.onSome) as PrivilegeTier;
    const names = actions.except ? compiled.wildcards.map(({ pattern }) => pattern) : compiled.strongest;
    const family = tier <= 2 ? 'write' : 'read';
    powers.push({ family, tier, actions: names, resource: compiled.widest, everywhere, source });
  }
  return powers;
}
