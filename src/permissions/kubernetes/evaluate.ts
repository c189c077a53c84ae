import type { PrivilegeTier } from '../../model/identity.ts';
import type { Evaluation, Power, PowerFamily, StatementSource } from '../contract.ts';
import { SYSTEM_NAMESPACES } from './abilities.ts';
import { type Hit, hitsOf, isOwnGroup, type RuleHits } from './hits.ts';
import type { Place, RbacRule, RoleRules } from './rule.ts';

/** The rules of a role that somebody has in a place. */
export interface Granted {
  readonly role: RoleRules;
  readonly where: Place;
  readonly source: StatementSource;
}

/** An action, or the group of a wildcard, with what it is worth. */
interface Worth {
  readonly family: PowerFamily;
  readonly tier: PrivilegeTier;
  readonly action: string;
  readonly everywhere: boolean;
}

/** Names of an action that are shown. */
const MOST_NAMES = 3;

/** Evaluates roles. Keeps what it found of each rule, because many subjects have the same role. */
export interface RbacEvaluator {
  evaluate(granted: readonly Granted[]): Evaluation;
  /** The tier of one rule alone. */
  tierOf(rule: RbacRule, where: Place): PrivilegeTier;
}

/** Makes an evaluator for one scan. */
export function createRbacEvaluator(): RbacEvaluator {
  const known = new Map<RbacRule, RuleHits>();
  const look = (rule: RbacRule): RuleHits => {
    const ruleHits = known.get(rule) ?? hitsOf(rule);
    known.set(rule, ruleHits);
    return ruleHits;
  };
  const evaluate = (granted: readonly Granted[]): Evaluation => evaluateWith(look, granted);
  return {
    evaluate,
    tierOf: (rule, where) => {
      const worths = worthsOf(look(rule), where, () => false);
      return Math.min(4, ...worths.map(({ tier }) => tier)) as PrivilegeTier;
    },
  };
}

function evaluateWith(look: (rule: RbacRule) => RuleHits, granted: readonly Granted[]): Evaluation {
  const has = actionsBeside(look, granted);
  const powers = granted.flatMap(({ role, where, source }) => {
    const worths = role.rules.flatMap((rule) => worthsOf(look(rule), where, (action) => has(action, where)));
    return toPowers(worths, where, source);
  });
  powers.sort((a, b) => a.tier - b.tier);
  const complete = granted.every(({ role }) => role.complete);
  const tier = Math.min(4, ...powers.map((power) => power.tier)) as PrivilegeTier;
  return { powers, complete, ...(complete || tier === 0 ? { tier } : {}) };
}

/** Says whether the same subject has an action in the same place, or everywhere. */
function actionsBeside(
  look: (rule: RbacRule) => RuleHits,
  granted: readonly Granted[],
): (action: string, where: Place) => boolean {
  const given = new Set<string>();
  for (const { role, where } of granted) {
    for (const rule of role.rules) {
      for (const { action, names } of look(rule).hits) if (names === undefined) given.add(`${where} ${action}`);
    }
  }
  return (action, where) => given.has(`${where} ${action}`) || given.has(`* ${action}`);
}

function worthsOf(ruleHits: RuleHits, where: Place, has: (action: string) => boolean): Worth[] {
  const worths = ruleHits.hits.flatMap((hit) => worthOfHit(hit, where, has));
  const everywhere = where === '*';
  const wide = everywhere || SYSTEM_NAMESPACES.has(where);
  if (ruleHits.everything)
    worths.push({ family: 'administrator', tier: wide ? 0 : 1, action: 'everything', everywhere });
  for (const group of ruleHits.wildcardGroups) {
    const own = group === 'core' || isOwnGroup(group);
    worths.push({ family: 'service-wildcard', tier: own && wide ? 1 : 2, action: group, everywhere });
  }
  if (ruleHits.writes === 'kind' || ruleHits.writes === 'some') {
    const tier = ruleHits.writes === 'kind' && everywhere ? 1 : 2;
    worths.push({ family: 'write', tier, action: 'write', everywhere });
  } else if (ruleHits.reads || ruleHits.writes === 'harmless') {
    worths.push({ family: 'read', tier: 3, action: 'read', everywhere });
  }
  return worths;
}

function worthOfHit({ ability, action, names }: Hit, where: Place, has: (action: string) => boolean): Worth[] {
  const { family, tiers, needs } = ability;
  if (ability.clusterOnly === true && where !== '*') return [];
  const wide = where === '*' || SYSTEM_NAMESPACES.has(where);
  const full = names !== undefined ? tiers[2] : wide ? tiers[0] : tiers[1];
  const tier = needs !== undefined && !has(needs) ? (Math.max(2, full) as PrivilegeTier) : full;
  const everywhere = where === '*' && names === undefined;
  return [{ family, tier, action: names === undefined ? action : `${action} [${nameSome(names)}]`, everywhere }];
}

function nameSome(names: readonly string[]): string {
  const more = names.length > MOST_NAMES ? `, ${names.length - MOST_NAMES} more` : '';
  return `${names.slice(0, MOST_NAMES).join(', ')}${more}`;
}

/** One power for each family and tier of a source. */
function toPowers(worths: readonly Worth[], where: Place, source: StatementSource): Power[] {
  const groups = new Map<string, { worth: Worth; actions: Set<string> }>();
  for (const worth of worths) {
    const key = `${worth.family} ${worth.tier} ${worth.everywhere}`;
    const group = groups.get(key) ?? { worth, actions: new Set() };
    groups.set(key, group);
    group.actions.add(worth.action);
  }
  return [...groups.values()].map(({ worth: { family, tier, everywhere }, actions }) => {
    return { family, tier, actions: [...actions], resource: describePlace(where), everywhere, source };
  });
}

/** A place in words. */
export function describePlace(where: Place): string {
  if (where === '*') return 'cluster';
  return where === '' ? 'its namespace' : `namespace ${where}`;
}
