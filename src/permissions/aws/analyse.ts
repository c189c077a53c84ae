import type { Grant, PrivilegeTier } from '../../model/identity.ts';
import type { Evaluation, Power, PowerFamily } from '../contract.ts';
import { describePower } from '../reasons.ts';
import { ActionList } from './action-list.ts';
import type { AttachedPolicy, Boundary } from './attached-policy.ts';
import { isMfaCondition, isNarrowing, isNetworkCondition } from './conditions.ts';
import type { PolicyDocument, Statement } from './document.ts';
import { type GrantList, joinGrants, listGrants } from './grants.ts';
import { worthOfPattern } from './levels.ts';
import { isAll, PolicySet } from './policy-set.ts';
import { findPowers } from './powers.ts';
import { type Compiled, type DocumentIndex, indexDocument } from './reach.ts';
import { isBroad, widestOf } from './resources.ts';
import { type Watched, watchActions } from './watched.ts';

export type { AttachedPolicy, Boundary } from './attached-policy.ts';

/** What the policies of one principal allow. An absent fact is unknown: a part of a policy could not be read. */
export interface PermissionFacts {
  readonly policies: readonly string[];
  readonly wildcardActions?: boolean;
  readonly wildcardResources?: boolean;
  /** Sets of actions, joined by ` + `. For an administrator only `*`, as in the lists that follow. */
  readonly escalationActions?: readonly string[];
  /** This list and the next four: what reaches every resource of its kind. What is limited is among the grants. */
  readonly credentialActions?: readonly string[];
  readonly dataActions?: readonly string[];
  readonly permissionActions?: readonly string[];
  readonly wildcardServices?: readonly string[];
  readonly lateralActions?: readonly string[];
  readonly privilegeTier?: PrivilegeTier;
  /** What gives the tier, the strongest first. */
  readonly tierReasons?: readonly string[];
  readonly networkRestricted?: boolean;
  readonly mfaRequired?: boolean;
  readonly grants: readonly Grant[];
  /** How many more permissions there are that were not kept or not read. */
  readonly moreGrants: number;
  /** Role ARNs or patterns that the principal may assume. */
  readonly assumable: readonly string[];
}

const MOST_REASONS = 10;
/** Most actions that a list of facts names. */
const MOST_ACTIONS = 200;

/**
 * Analyses principals of one account. It reads a document once, however many principals have it, and judges the same
 * set of policies once.
 */
export class PermissionAnalyser {
  private readonly indexes = new WeakMap<PolicyDocument, DocumentIndex>();
  private readonly lists = new WeakMap<PolicyDocument, Map<boolean, GrantList>>();
  private readonly numbers = new WeakMap<PolicyDocument, number>();
  private readonly facts = new Map<string, PermissionFacts>();
  private watched: Watched | undefined;
  private count = 0;

  /** Analyses all policies of one principal together. `self`: its ARN, where that is known. */
  analyse(policies: readonly AttachedPolicy[], boundary?: Boundary, self?: string): PermissionFacts {
    const key = this.keyOf(policies, boundary, self);
    const known = this.facts.get(key);
    if (known !== undefined) return known;
    const facts = this.judge(policies, boundary, self);
    this.facts.set(key, facts);
    return facts;
  }

  private judge(
    policies: readonly AttachedPolicy[],
    boundary: Boundary | undefined,
    self: string | undefined,
  ): PermissionFacts {
    const set = new PolicySet(policies, boundary, (document) => this.index(document), self);
    const evaluation = evaluate(set, boundary === 'unknown');
    const unlimited = evaluation.powers.some(({ tier }) => tier === 0) || !set.isLimited;
    const { grants, left } = joinGrants(policies.map((policy) => this.grants(policy, unlimited)));
    const limit = boundary === 'unknown' ? undefined : boundary;
    const statements = set.statements().map(({ statement }) => statement);
    return {
      policies: [...new Set(policies.map((policy) => policy.name))].sort(),
      ...truth('wildcardActions', statements.some(hasWildcardActions), set.known),
      ...truth(
        'wildcardResources',
        set.statements().some(({ compiled }) => hasWildcardResources(compiled)),
        set.known,
      ),
      ...(boundary === 'unknown' ? {} : powerFacts(evaluation)),
      ...restrictions(
        policies.flatMap(({ document }) => document?.statements ?? []),
        set.known,
      ),
      grants,
      moreGrants: left + (limit?.left ?? 0),
      assumable: assumableRoles(statements),
    };
  }

  private index(document: PolicyDocument): DocumentIndex {
    const known = this.indexes.get(document);
    if (known !== undefined) return known;
    this.watched ??= watchActions();
    const index = indexDocument(document, this.watched);
    this.indexes.set(document, index);
    return index;
  }

  private grants(policy: AttachedPolicy, unlimited: boolean): GrantList {
    if (policy.document === undefined) return { grants: [], left: 0 };
    const lists = this.lists.get(policy.document) ?? new Map<boolean, GrantList>();
    const list = lists.get(unlimited) ?? listGrants(policy, unlimited);
    this.lists.set(policy.document, lists.set(unlimited, list));
    return list;
  }

  /** The own ARN matters only where a policy names ARNs of users or roles. */
  private keyOf(policies: readonly AttachedPolicy[], boundary: Boundary | undefined, self = ''): string {
    const documents = policies.map(({ name, source, document }) => [name, source, this.numberOf(document)]);
    const limit = boundary === 'unknown' ? boundary : this.numberOf(boundary);
    const own = policies.some(({ document }) => document?.statements.some(namesPrincipals)) ? self : '';
    return JSON.stringify([documents, limit, own]);
  }

  private numberOf(document: PolicyDocument | undefined): number {
    if (document === undefined) return 0;
    const known = this.numbers.get(document);
    if (known !== undefined) return known;
    this.count += 1;
    this.numbers.set(document, this.count);
    return this.count;
  }
}

/** Analyses all policies of one principal together. A pure function. */
export function analysePermissions(policies: readonly AttachedPolicy[], boundary?: Boundary): PermissionFacts {
  return new PermissionAnalyser().analyse(policies, boundary);
}

function namesPrincipals({ resources }: Statement): boolean {
  return resources.patterns.some((pattern) => pattern.includes(':iam:'));
}

/** Every power, and the tier: that of the strongest power or statement. */
function evaluate(set: PolicySet, isBoundaryUnknown: boolean): Evaluation {
  const powers = [...findPowers(set), ...otherPowers(set)].sort((a, b) => a.tier - b.tier);
  const tier = powers[0]?.tier ?? 4;
  const isCertain = !isBoundaryUnknown && (set.known || tier === 0);
  return { powers, complete: set.known, ...(isCertain ? { tier } : {}) };
}

/** What statements allow beside the named powers: writes and reads. */
function otherPowers(set: PolicySet): Power[] {
  return set.statements().flatMap(({ statement, compiled, source }) => {
    const { actions, resources, conditions, conditionUnknown } = statement;
    const worth = resources.patterns.length === 0 && !resources.except ? undefined : set.worthOf(compiled);
    if (worth === undefined) return [];
    const everywhere = isBroad(resources) && !conditionUnknown && !conditions.some(isNarrowing);
    // What makes tier 0 is a power of its own; this is the rest.
    const tier = Math.max(1, everywhere ? worth.onAll : worth.onSome) as PrivilegeTier;
    const names = actions.except ? [`* except ${actions.patterns.join(', ')}`] : strongest(compiled);
    const family = tier <= 2 ? 'write' : 'read';
    return [{ family, tier, actions: names, resource: widestOf(resources), everywhere, source }] as const;
  });
}

/** The first few of the actions that are worth most. */
function strongest({ statement, strongest: names }: Compiled): readonly string[] {
  if (names.length > 0) return names;
  const judged = statement.actions.patterns.map((pattern) => ({ pattern, tier: worthOfPattern(pattern)?.onAll ?? 4 }));
  names.push(
    ...judged
      .sort((a, b) => a.tier - b.tier)
      .slice(0, 3)
      .map(({ pattern }) => pattern),
  );
  return names;
}

function powerFacts({ powers, complete, tier }: Evaluation): Partial<PermissionFacts> {
  const isAdministrator = powers.some(({ family }) => family === 'administrator');
  const namesOf = (families: readonly PowerFamily[]): readonly string[] => {
    if (isAdministrator) return ['*'];
    const own = powers.filter(({ family, everywhere }) => families.includes(family) && everywhere);
    return [...new Set(own.map(({ actions }) => actions.join(' + ')))].slice(0, MOST_ACTIONS);
  };
  const services = isAdministrator
    ? ['*']
    : powers.filter(({ family }) => family === 'service-wildcard').flatMap(({ actions }) => actions.map(serviceName));
  return {
    ...listed('escalationActions', namesOf(['escalation']), complete),
    ...listed('credentialActions', namesOf(['credential-exposure']), complete),
    ...listed('dataActions', namesOf(['data-exfiltration']), complete),
    ...listed('permissionActions', namesOf(['permission-management']), complete),
    ...listed('lateralActions', namesOf(['lateral-movement']), complete),
    ...listed('wildcardServices', [...new Set(services)].sort(), complete),
    ...(tier === undefined ? {} : { privilegeTier: tier, tierReasons: reasonsOf(powers, tier) }),
  };
}

function serviceName(pattern: string): string {
  return isAll(pattern) ? '*' : pattern.replace(/:\*+$/, '');
}

/** What gives the tier. Weaker powers are no reason. */
function reasonsOf(powers: readonly Power[], tier: PrivilegeTier): string[] {
  const named = powers.filter((power) => power.tier === tier);
  return [...new Set(named.map(describePower))].slice(0, MOST_REASONS);
}

function hasWildcardActions({ actions }: Statement): boolean {
  return actions.except || actions.patterns.some((pattern) => isAll(pattern) || /^[\w-]+:\*+$/.test(pattern));
}

/** Read-only metadata actions often accept no other resource than `*`, so they do not count. */
function hasWildcardResources(compiled: Compiled): boolean {
  const { actions, resources } = compiled.statement;
  if (!resources.except && !resources.patterns.includes('*')) return false;
  const [first] = strongest(compiled);
  return actions.except || (first !== undefined && (worthOfPattern(first)?.onAll ?? 4) <= 2);
}

function restrictions(
  statements: readonly Statement[],
  known: boolean,
): Pick<PermissionFacts, 'networkRestricted' | 'mfaRequired'> {
  const allowing = statements.filter(({ effect }) => effect === 'Allow');
  if (allowing.length === 0) return {};
  const isClear = known && !statements.some((statement) => statement.conditionUnknown);
  const denied = statements.filter(
    ({ effect, actions }) => effect === 'Deny' && (actions.except || actions.patterns.some(isAll)),
  );
  const network =
    allowing.every(({ conditions }) => conditions.some(isNetworkCondition)) ||
    denied.some(({ conditions }) =>
      conditions.some((condition) => isNetworkCondition(condition) && /not/i.test(condition.operator)),
    );
  const mfa = allowing.every(({ conditions }) => conditions.some(isMfaCondition));
  return {
    ...truth('networkRestricted', network && known, isClear),
    ...truth('mfaRequired', mfa && known, isClear),
  };
}

function assumableRoles(statements: readonly Statement[]): string[] {
  const roles = statements
    .filter(({ actions }) => !actions.except && new ActionList(actions).has('sts:assumerole'))
    .flatMap(({ resources }) => (resources.except ? [] : resources.patterns));
  return [...new Set(roles)].sort();
}

/** A true fact is certain, whatever else is unknown. A false fact is certain only if everything was read. */
function truth<N extends string>(name: N, value: boolean, known: boolean): { [K in N]?: boolean } {
  return (value || known ? { [name]: value } : {}) as { [K in N]?: boolean };
}

function listed<N extends string>(
  name: N,
  values: readonly string[],
  known: boolean,
): { [K in N]?: readonly string[] } {
  return (values.length > 0 || known ? { [name]: values } : {}) as { [K in N]?: readonly string[] };
}
