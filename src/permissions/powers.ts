import type { PrivilegeTier } from '../model/identity.ts';
import type { Evaluation, Power, PowerFamily } from './contract.ts';

/** Order of families within one tier: what says most comes first. */
const FAMILIES: readonly PowerFamily[] = [
  'administrator',
  'permission-management',
  'escalation',
  'lateral-movement',
  'credential-exposure',
  'public-exposure',
  'cross-account',
  'service-wildcard',
  'data-exfiltration',
  'write',
  'read',
];

/** Facts of an identity hold at most this many reasons, and this many actions of a family. */
const MOST_REASONS = 10;
const MOST_ACTIONS = 50;

/**
 * Makes the evaluation of what was found. The tier is known where everything was read, or where what was read is
 * already the strongest.
 */
export function evaluationOf(powers: readonly Power[], complete: boolean): Evaluation {
  const sorted = [...powers].sort((a, b) => a.tier - b.tier || FAMILIES.indexOf(a.family) - FAMILIES.indexOf(b.family));
  const strongest = sorted[0]?.tier ?? 4;
  return { powers: sorted, complete, ...(complete || strongest === 0 ? { tier: strongest } : {}) };
}

/** The facts that all systems share, from an evaluation. What was not read in full gives no empty list. */
export interface PowerFacts extends Readonly<Record<string, PrivilegeTier | readonly string[] | undefined>> {
  readonly privilegeTier: PrivilegeTier | undefined;
  readonly tierReasons: readonly string[] | undefined;
}

export function factsOf(evaluation: Evaluation): PowerFacts {
  const { powers, complete, tier } = evaluation;
  const actionsOf = (...families: readonly PowerFamily[]): readonly string[] | undefined => {
    const actions = powers.filter(({ family }) => families.includes(family)).map((power) => power.actions.join(' + '));
    return actions.length === 0 && !complete ? undefined : [...new Set(actions)].slice(0, MOST_ACTIONS);
  };
  return {
    privilegeTier: tier,
    tierReasons: tier === undefined ? undefined : reasonsOf(powers),
    escalationActions: actionsOf('administrator', 'escalation'),
    credentialActions: actionsOf('credential-exposure'),
    dataActions: actionsOf('data-exfiltration'),
    permissionActions: actionsOf('administrator', 'permission-management'),
    wildcardServices: actionsOf('service-wildcard'),
    lateralActions: actionsOf('lateral-movement'),
  };
}

/** What gives the tier: only the powers of that tier, each once. */
function reasonsOf(powers: readonly Power[]): readonly string[] {
  const strongest = powers[0]?.tier;
  const reasons = powers.filter(({ tier }) => tier === strongest).map(reasonOf);
  return [...new Set(reasons)].slice(0, MOST_REASONS);
}

/** `iam.serviceAccounts.actAs + compute.instances.create on project:shop (roles/editor, infra/main.tf:12)`. */
function reasonOf({ actions, resource, source }: Power): string {
  return `${actions.join(' + ')} on ${resource} (${source.policy}, ${source.source})`;
}
