import type { PrivilegeTier } from '../../model/identity.ts';
import type { Power, PowerFamily } from '../contract.ts';
import { numberOf } from './action-sets/numbers.ts';
import {
  CREDENTIAL_ACTIONS,
  DATA_ACTIONS,
  ESCALATIONS,
  type Escalation,
  MEMBERSHIP_ACTIONS,
  SELF_GRANTING,
  VAULT_ACTIONS,
} from './actions.ts';
import type { PolicySet } from './policy-set.ts';
import type { Allowed } from './reach.ts';
import { PERMISSION_ACTIONS } from './tables.ts';

/** An action with its number. */
interface Numbered {
  readonly action: string;
  readonly number: number;
}

/** A set of actions; the role that is passed counts first. */
type NumberedEscalation = Escalation & { readonly numbers: readonly Numbered[] };

/** Most powers of one family that are told, on everything and on some. Facts name no more. */
const MOST_EVERYWHERE = 200;
const MOST_LIMITED = 20;

const NUMBERED_ESCALATIONS: readonly NumberedEscalation[] = ESCALATIONS.map((escalation) => ({
  ...escalation,
  numbers: numbered(escalation.actions),
}));
const DIRECT = NUMBERED_ESCALATIONS.filter(({ gain }) => gain === 'any-permission');
/** Actions that give a role any policy, and those that make a role, or say who may act as it. */
const ROLE_GRANTING = ['iam:AttachRolePolicy', 'iam:PutRolePolicy'];
const ROLE_MAKERS = numbered(['iam:CreateRole', 'iam:UpdateAssumeRolePolicy']);
const CREDENTIALS = numbered(CREDENTIAL_ACTIONS);
const DATA = numbered(DATA_ACTIONS);
const MANAGEMENT = numbered([...new Set([...MEMBERSHIP_ACTIONS, ...PERMISSION_ACTIONS])]);

function numbered(actions: readonly string[]): readonly Numbered[] {
  return actions.map((action) => ({ action, number: numberOf(action) ?? -1 }));
}

/** Powers of one principal, the strongest first. */
export function findPowers(set: PolicySet): Power[] {
  const administrator = findAdministrator(set);
  const powers = administrator === undefined ? findOthers(set) : [administrator];
  return powers.sort((a, b) => a.tier - b.tier || Number(b.everywhere) - Number(a.everywhere));
}

/** Everything on everything, where no deny or boundary keeps it from giving itself more. */
function findAdministrator(set: PolicySet): Power | undefined {
  const source = set.everything();
  if (source === undefined) return undefined;
  const isFree = DIRECT.every(({ numbers }) => numbers.every(({ number }) => set.reach(number)?.reach === 'all'));
  if (!isFree) return undefined;
  return { family: 'administrator', tier: 0, actions: ['*'], resource: '*', everywhere: true, source };
}

function findOthers(set: PolicySet): Power[] {
  return [
    ...escalations(set),
    ...plainPowers(set, 'credential-exposure', CREDENTIALS, credentialTier),
    ...plainPowers(set, 'data-exfiltration', DATA, () => 2),
    ...plainPowers(set, 'permission-management', MANAGEMENT, (_, everywhere) => (everywhere ? 1 : 2)),
    ...set.wildcards(),
  ];
}

/** All credentials of a vault are tier 1; a session or token of another is judged as an escalation. */
function credentialTier(action: string, everywhere: boolean): PrivilegeTier {
  return everywhere && VAULT_ACTIONS.includes(action) ? 1 : 2;
}

function plainPowers(
  set: PolicySet,
  family: PowerFamily,
  actions: readonly Numbered[],
  tierOf: (action: string, everywhere: boolean) => PrivilegeTier,
): Power[] {
  const powers: Power[] = [];
  const told = { everywhere: 0, limited: 0 };
  for (const { action, number } of actions) {
    const allowed = action === 'kms:Decrypt' ? set.reachWhere(number, isDirect) : set.reach(number);
    if (allowed === undefined || allowed.reach === 'own') continue;
    const everywhere = allowed.reach === 'all';
    told[everywhere ? 'everywhere' : 'limited'] += 1;
    if (everywhere ? told.everywhere > MOST_EVERYWHERE : told.limited > MOST_LIMITED) continue;
    const { resource, source } = allowed;
    powers.push({ family, tier: tierOf(action, everywhere), actions: [action], resource, everywhere, source });
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
  for (const { number } of escalation.numbers) if (!set.has(number)) return undefined;
  const hits = escalation.numbers.map((action) => bestHit(set, escalation, action));
  if (hits.some((hit) => hit === undefined)) return undefined;
  const [first, ...others] = hits.filter((hit) => hit !== undefined);
  if (first === undefined) return undefined;
  const judged = judge(set, escalation, first, others);
  if (judged === undefined) return undefined;
  const { actions } = escalation;
  return { ...judged, actions, resource: first.resource, source: first.source };
}

type Judged = Pick<Power, 'family' | 'tier' | 'everywhere'>;

function judge(
  set: PolicySet,
  { gain, actions }: Escalation,
  first: Allowed,
  others: readonly Allowed[],
): Judged | undefined {
  const all = [first, ...others].every(({ reach }) => reach === 'all');
  if (gain === 'existing-role') return all ? { family: 'lateral-movement', tier: 1, everywhere: true } : undefined;
  if (gain === 'passed-role') {
    // The role is what counts: a new function of any name can take it.
    if (first.reach === 'all' && others.every(isUsable)) return { family: 'escalation', tier: 0, everywhere: true };
    return { family: 'lateral-movement', tier: 2, everywhere: false };
  }
  const [action = ''] = actions;
  const ceiling = set.ceilingOf(first);
  // Whoever gets it is limited to named policies, so nobody gets more than these allow.
  if (ceiling !== undefined && ceiling > 0)
    return { family: 'escalation', tier: ceiling === 1 ? 1 : 2, everywhere: false };
  if (all || set.isOnItself(action, first) || makesAdministrator(set, action, first))
    return { family: 'escalation', tier: 0, everywhere: true };
  if (first.reach !== 'own') return { family: 'escalation', tier: 1, everywhere: false };
  return SELF_GRANTING.includes(action) ? { family: 'escalation', tier: 0, everywhere: true } : undefined;
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
