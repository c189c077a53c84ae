import type { PrivilegeTier } from '../../model/identity.ts';
import type { Power, PowerFamily } from '../contract.ts';
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
import { type Allowed, widest } from './reach.ts';
import { PERMISSION_ACTIONS } from './tables.ts';

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
  const direct = ESCALATIONS.filter(({ gain }) => gain === 'any-permission');
  const isFree = direct.every(({ actions }) => actions.every((action) => set.reach(action)?.reach === 'all'));
  if (!isFree) return undefined;
  return { family: 'administrator', tier: 0, actions: ['*'], resource: '*', everywhere: true, source };
}

function findOthers(set: PolicySet): Power[] {
  return [
    ...ESCALATIONS.flatMap((escalation) => escalate(set, escalation) ?? []),
    ...plainPowers(set, 'credential-exposure', CREDENTIAL_ACTIONS, credentialTier),
    ...plainPowers(set, 'data-exfiltration', DATA_ACTIONS, () => 2),
    ...plainPowers(set, 'permission-management', [...MEMBERSHIP_ACTIONS, ...PERMISSION_ACTIONS], (_, everywhere) =>
      everywhere ? 1 : 2,
    ),
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
  actions: readonly string[],
  tierOf: (action: string, everywhere: boolean) => PrivilegeTier,
): Power[] {
  return set.watched(actions).flatMap((action) => {
    const allowed = set.reach(action);
    if (allowed === undefined || allowed.reach === 'own') return [];
    const everywhere = allowed.reach === 'all';
    const { resource } = allowed;
    return [
      {
        family,
        tier: tierOf(action, everywhere),
        actions: [action],
        resource,
        everywhere,
        source: set.sourceOf(allowed),
      },
    ];
  });
}

function escalate(set: PolicySet, escalation: Escalation): Power | undefined {
  if (!set.mentions(escalation.actions)) return undefined;
  const hits = escalation.actions.map((action) => bestHit(set, escalation, action));
  if (hits.some((hit) => hit === undefined)) return undefined;
  const [first, ...others] = hits.filter((hit) => hit !== undefined);
  if (first === undefined) return undefined;
  const judged = judge(set, escalation, first, others);
  if (judged === undefined) return undefined;
  const { actions } = escalation;
  return { ...judged, actions, resource: first.resource, source: set.sourceOf(first) };
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
    const usable = others.every(({ conditional, reach }) => !conditional && reach !== 'own');
    if (first.reach === 'all' && usable) return { family: 'escalation', tier: 0, everywhere: true };
    return { family: 'lateral-movement', tier: 2, everywhere: false };
  }
  const [action = ''] = actions;
  if (all || set.isOnItself(action, first)) return { family: 'escalation', tier: 0, everywhere: true };
  if (first.reach !== 'own') return { family: 'escalation', tier: 1, everywhere: false };
  return SELF_GRANTING.includes(action) ? { family: 'escalation', tier: 0, everywhere: true } : undefined;
}

/** The widest statement that allows an action; of `iam:PassRole`, one that may be passed to a taker of the role. */
function bestHit(set: PolicySet, { takers }: Escalation, action: string): Allowed | undefined {
  if (takers === undefined || action !== 'iam:PassRole') return set.reach(action);
  const usable = set.hits(action).filter(({ services }) => canPass(services, takers));
  return widest(usable);
}

function canPass(services: readonly string[] | undefined, takers: readonly string[]): boolean {
  if (services === undefined) return true;
  return services.some((service) => service.includes('*') || takers.some((taker) => service.startsWith(taker)));
}
