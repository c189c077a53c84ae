import { defined } from '../../lib/fields/defined.ts';
import type { Grant, PrivilegeTier } from '../../model/identity.ts';
import type { Power, PowerFamily } from '../contract.ts';
import { describePower } from '../reasons.ts';
import { hasNumber } from './action-sets/bits.ts';
import { numberOf } from './action-sets/numbers.ts';
import { NameLists } from './action-sets/plain-families.ts';
import { ActionSets } from './action-sets/sets.ts';
import type { AttachedPolicy, Boundary } from './attached-policy.ts';
import { type BoundaryIndex, indexBoundary } from './boundary.ts';
import type { PolicyDocument, Statement } from './document.ts';
import { GrantNumbers, joinGrants, listGrants, NO_GRANTS, type PolicyGrants } from './grants.ts';
import { managedPolicyDocument } from './managed.ts';
import { PolicySet } from './policy-set.ts';
import { type Evaluation, evaluate, withinBounds } from './powers.ts';
import { type Compiled, type DocumentIndex, indexDocument, isAll } from './reach.ts';
import { restrictions, truth } from './restrictions.ts';

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
const ALL: readonly string[] = ['*'];

/**
 * Analyses principals of one account. It reads a document once, however many principals have it, and judges the same
 * set of policies once.
 */
export class PermissionAnalyser {
  private readonly indexes = new WeakMap<PolicyDocument, DocumentIndex>();
  private readonly lists = new WeakMap<PolicyDocument, Map<boolean, PolicyGrants>>();
  private readonly numbers = new WeakMap<PolicyDocument, number>();
  private readonly asking = new WeakMap<PolicyDocument, boolean>();
  private readonly facts = new Map<string, PermissionFacts>();
  private readonly boundaries = new WeakMap<PolicyDocument, BoundaryIndex>();
  private readonly sets = new ActionSets();
  private readonly nameLists = new NameLists();
  private readonly grantNumbers = new GrantNumbers();
  private readonly ceilings = new Map<string, PrivilegeTier | undefined>();
  private readonly documentOf: ((arn: string) => PolicyDocument | undefined) | undefined;
  private count = 0;

  /** `documentOf`: a policy of the account by its ARN, where conditions name it. Those of AWS are known. */
  constructor(documentOf: ((arn: string) => PolicyDocument | undefined) | undefined = managedPolicyDocument) {
    this.documentOf = documentOf;
  }

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
    const isBoundaryUnknown = boundary === 'unknown';
    const limit = isBoundaryUnknown ? undefined : boundary;
    const setOf = (attached: readonly AttachedPolicy[]): PolicySet =>
      new PolicySet({
        policies: attached,
        index: (document) => this.index(document),
        sets: this.sets,
        ...defined({ self, limit: limit && this.boundary(limit) }),
      });
    const set = setOf(policies);
    const known = set.known && !isBoundaryUnknown;
    const read = evaluate(set, known, this.nameLists);
    const evaluation = (known ? undefined : withinBounds(policies, setOf, this.nameLists)) ?? read;
    const unlimited = evaluation.powers.some(({ tier }) => tier === 0) || !set.isLimited;
    const lists = policies.map((policy) => this.grants(policy, unlimited));
    const { grants, left } = joinGrants(lists, this.grantNumbers);
    const allowing = set.statements.map(({ compiled }) => compiled);
    const wildcardResources = allowing.some((compiled) => this.hasWildcardResources(compiled));
    // Assigned, because literals with a dozen spreads cost more than what they hold.
    return Object.assign(
      {
        policies: namesOf(policies),
        grants,
        moreGrants: left + (limit?.left ?? 0),
        assumable: assumableRoles(allowing),
      },
      truth('wildcardActions', allowing.some(hasWildcardActions), known),
      truth('wildcardResources', wildcardResources, known),
      isBoundaryUnknown ? undefined : powerFacts(evaluation, this.nameLists),
      restrictions(policies, known),
    );
  }

  private index(document: PolicyDocument): DocumentIndex {
    const known = this.indexes.get(document);
    if (known !== undefined) return known;
    const index = indexDocument(document, this.sets, (arns) => this.ceilingOf(arns));
    this.indexes.set(document, index);
    return index;
  }

  /** The tier of the strongest of several policies. */
  private ceilingOf(arns: readonly string[]): PrivilegeTier | undefined {
    const tiers = arns.map((arn) => this.tierOf(arn));
    if (tiers.length === 0 || tiers.includes(undefined)) return undefined;
    return Math.min(...tiers.map((tier) => tier ?? 0)) as PrivilegeTier;
  }

  /** What a policy allows by itself. Conditions in it that name further policies are not followed. */
  private tierOf(arn: string): PrivilegeTier | undefined {
    if (this.ceilings.has(arn)) return this.ceilings.get(arn);
    const document = this.documentOf?.(arn);
    const alone = new PermissionAnalyser(() => undefined);
    const tier = document && alone.analyse([{ name: arn, source: arn, document }]).privilegeTier;
    this.ceilings.set(arn, tier);
    return tier;
  }

  private boundary(document: PolicyDocument): BoundaryIndex {
    const index = this.boundaries.get(document) ?? indexBoundary(this.index(document));
    this.boundaries.set(document, index);
    return index;
  }

  /** Read-only metadata actions often accept no other resource than `*`, so they do not count. */
  private hasWildcardResources({ statement: { actions, resources }, strongest: [first] }: Compiled): boolean {
    if (!resources.except && !resources.patterns.includes('*')) return false;
    return actions.except || (first !== undefined && this.sets.worthOf(first).onAll <= 2);
  }

  private grants(policy: AttachedPolicy, unlimited: boolean): PolicyGrants {
    if (policy.document === undefined) return NO_GRANTS;
    const lists = this.lists.get(policy.document) ?? new Map<boolean, PolicyGrants>();
    const list = lists.get(unlimited) ?? listGrants(policy, unlimited, this.sets, this.grantNumbers);
    this.lists.set(policy.document, lists.set(unlimited, list));
    return list;
  }

  /** The own ARN matters only where a policy allows something on ARNs of users or roles. */
  private keyOf(policies: readonly AttachedPolicy[], boundary: Boundary | undefined, self = ''): string {
    let key = boundary === 'unknown' ? boundary : `${this.numberOf(boundary)}`;
    // With lengths, so that different lists have different keys.
    for (const { name, source, document } of policies)
      key += ` ${this.numberOf(document)} ${name.length} ${source.length} ${name}${source}`;
    const own = policies.some(({ document }) => document !== undefined && this.asksWho(document)) ? self : '';
    return `${key} ${own}`;
  }

  private asksWho(document: PolicyDocument): boolean {
    const known = this.asking.get(document) ?? document.statements.some(namesPrincipals);
    this.asking.set(document, known);
    return known;
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

function namesPrincipals({ effect, resources }: Statement): boolean {
  return effect === 'Allow' && resources.patterns.some((pattern) => pattern.includes(':iam:'));
}

function powerFacts({ powers, names, complete, tier }: Evaluation, lists: NameLists): Partial<PermissionFacts> {
  const isAdministrator = powers[0]?.family === 'administrator';
  const byFamily = groupByFamily(powers);
  const actionsOf = (family: PowerFamily): readonly string[] => {
    if (isAdministrator) return ALL;
    const plain = names.get(family);
    if (plain !== undefined) return plain;
    const own = new Set<string>();
    for (const { everywhere, actions } of byFamily.get(family) ?? []) if (everywhere) own.add(lists.nameOf(actions));
    return lists.keep([...own]);
  };
  const wildcards = byFamily.get('service-wildcard') ?? [];
  const services = isAdministrator ? ALL : wildcards.flatMap(({ actions }) => actions.map(serviceName));
  const facts: { -readonly [Name in keyof PermissionFacts]?: PermissionFacts[Name] } = {};
  // An empty list is a fact only where all was read.
  const add = (name: ListOfActions, names: readonly string[]): void => {
    if (names.length > 0 || complete) facts[name] = names;
  };
  add('escalationActions', actionsOf('escalation'));
  add('credentialActions', actionsOf('credential-exposure'));
  add('dataActions', actionsOf('data-exfiltration'));
  add('permissionActions', actionsOf('permission-management'));
  add('lateralActions', actionsOf('lateral-movement'));
  add('wildcardServices', lists.keep([...new Set(services)].sort()));
  if (tier !== undefined) {
    facts.privilegeTier = tier;
    facts.tierReasons = reasonsOf(powers, tier);
  }
  return facts;
}

type ListOfActions =
  | 'escalationActions'
  | 'credentialActions'
  | 'dataActions'
  | 'permissionActions'
  | 'lateralActions'
  | 'wildcardServices';

function namesOf(policies: readonly AttachedPolicy[]): readonly string[] {
  return [...new Set(policies.map((policy) => policy.name))].sort();
}

function groupByFamily(powers: readonly Power[]): ReadonlyMap<PowerFamily, readonly Power[]> {
  const groups = new Map<PowerFamily, Power[]>();
  for (const power of powers) {
    const group = groups.get(power.family);
    if (group === undefined) groups.set(power.family, [power]);
    else group.push(power);
  }
  return groups;
}

function serviceName(pattern: string): string {
  return isAll(pattern) ? '*' : pattern.replace(/:\*+$/, '');
}

/** What gives the tier. Weaker powers are no reason. */
function reasonsOf(powers: readonly Power[], tier: PrivilegeTier): string[] {
  const reasons = new Set<string>();
  for (const power of powers) {
    if (power.tier === tier) reasons.add(describePower(power));
    if (reasons.size >= MOST_REASONS) break;
  }
  return [...reasons];
}

function hasWildcardActions({ statement, wildcards }: Compiled): boolean {
  return statement.actions.except || wildcards.length > 0;
}

function assumableRoles(allowing: readonly Compiled[]): string[] {
  const assume = numberOf('sts:AssumeRole') ?? -1;
  const roles = allowing
    .filter(({ statement, named }) => !statement.actions.except && hasNumber(named.bits, assume))
    .flatMap(({ statement: { resources } }) => (resources.except ? [] : resources.patterns));
  return [...new Set(roles)].sort();
}
