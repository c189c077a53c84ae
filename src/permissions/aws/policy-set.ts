import { defined } from '../../lib/fields/defined.ts';
import { matchesWildcard } from '../../lib/patterns/wildcard.ts';
import type { PrivilegeTier } from '../../model/identity.ts';
import type { Power, StatementSource } from '../contract.ts';
import { ActionList, serviceOf } from './action-list.ts';
import { SELF_GRANTING } from './actions.ts';
import type { AttachedPolicy, Boundary } from './attached-policy.ts';
import { isKnownOperator, isNarrowing } from './conditions.ts';
import type { Statement } from './document.ts';
import { highest, type Worth, worthOfPattern } from './levels.ts';
import { type Allowed, allowedBy, type Compiled, type DocumentIndex, reachWithin, widest } from './reach.ts';
import { canTakeAll, isBroad, leftOf, widestOf } from './resources.ts';
import { ACTION_BY_KEY, ACTIONS } from './tables.ts';

/** Actions with which a role changes itself, where they are allowed on its own ARN. */
const ROLE_GRANTING = ['iam:PutRolePolicy', 'iam:AttachRolePolicy'];

/** An attached policy whose document was read. */
interface IndexedPolicy {
  readonly policy: AttachedPolicy;
  readonly index: DocumentIndex;
}

/** All policies of one principal, with its boundary, as one answer to "may it do this, and on what". */
export class PolicySet {
  /** False: a part was not read, or nobody can know what it does. */
  readonly known: boolean;
  private readonly policies: readonly IndexedPolicy[];
  private readonly indexes: readonly DocumentIndex[];
  private readonly limit: DocumentIndex | undefined;
  private readonly self: string | undefined;
  private readonly answers = new Map<string, Allowed | undefined>();

  constructor(
    policies: readonly AttachedPolicy[],
    boundary: Boundary | undefined,
    index: (document: NonNullable<AttachedPolicy['document']>) => DocumentIndex,
    self?: string,
  ) {
    this.policies = policies.flatMap((policy) =>
      policy.document === undefined ? [] : [{ policy, index: index(policy.document) }],
    );
    this.indexes = this.policies.map((indexed) => indexed.index);
    this.limit = boundary === undefined || boundary === 'unknown' ? undefined : index(boundary);
    this.self = self;
    const isRead = policies.every(({ document }) => document !== undefined) && boundary !== 'unknown';
    this.known = isRead && [...this.indexes, ...(this.limit ? [this.limit] : [])].every(({ known }) => known);
  }

  /** True where a deny or a boundary takes something away. */
  get isLimited(): boolean {
    return this.limit !== undefined || this.indexes.some(({ denies }) => denies.length > 0);
  }

  /** The widest way in which an action is allowed; undefined: it is not. */
  reach(action: string): Allowed | undefined {
    const key = action.toLowerCase();
    if (!this.answers.has(key)) this.answers.set(key, widest(this.hits(action)));
    return this.answers.get(key);
  }

  /** Every way in which an action is allowed. */
  hits(action: string): Allowed[] {
    const key = action.toLowerCase();
    const hits = allowedBy(this.indexes, key);
    if (this.limit === undefined || hits.length === 0) return hits;
    const limit = reachWithin(this.limit, key);
    if (limit === 'none') return [];
    return limit === 'all' ? hits : hits.map((hit) => ({ ...hit, reach: hit.reach === 'own' ? 'own' : 'some' }));
  }

  /** True if some statement allows each of the actions, before denies. */
  mentions(actions: readonly string[]): boolean {
    return actions.every((action) => this.indexes.some(({ allowed }) => allowed.has(action.toLowerCase())));
  }

  /** Those of the actions that some statement allows, before denies. */
  watched(actions: readonly string[]): readonly string[] {
    return actions.filter((action) => this.mentions([action]));
  }

  /** True if an action with which a principal changes itself is allowed on its own ARN. */
  isOnItself(action: string, { resource }: Allowed): boolean {
    const { self } = this;
    if (self === undefined) return false;
    const granting = self.includes(':role/') ? ROLE_GRANTING : SELF_GRANTING;
    return granting.includes(action) && matchesWildcard(resource, self);
  }

  /** Which policy says so. */
  sourceOf({ document }: Pick<Allowed, 'document'>): StatementSource {
    const owner = this.policies.find(({ policy }) => policy.document === document);
    const { name = '', source = '' } = owner?.policy ?? {};
    return { policy: name, source, ...defined({ location: document.location }) };
  }

  /** The policy that allows everything on everything, without a condition; undefined where none does. */
  everything(): StatementSource | undefined {
    const isEverything = ({ actions, resources, conditions, conditionUnknown }: Statement): boolean =>
      !actions.except &&
      actions.patterns.some(isAll) &&
      isBroad(resources) &&
      !conditionUnknown &&
      !conditions.some(isNarrowing) &&
      conditions.every(isKnownOperator);
    const giver = this.policies.find(({ index }) => index.allows.some(({ statement }) => isEverything(statement)));
    return giver?.policy.document === undefined ? undefined : this.sourceOf({ document: giver.policy.document });
  }

  /** Services of which everything is allowed. */
  wildcards(): Power[] {
    return this.statements().flatMap(({ statement, source }) => {
      const { conditions, conditionUnknown, resources } = statement;
      if (conditionUnknown || conditions.some(isNarrowing)) return [];
      const everywhere = isBroad(resources);
      return wildcardsOf(statement)
        .filter((pattern) => this.isLeft(statement, pattern))
        .map((pattern) => {
          const tier = wildcardTier(pattern, everywhere);
          return {
            family: 'service-wildcard',
            tier,
            actions: [pattern],
            resource: widestOf(resources),
            everywhere,
            source,
          };
        });
    });
  }

  /** Allowing statements, with the policy that they are of. */
  statements(): { readonly statement: Statement; readonly compiled: Compiled; readonly source: StatementSource }[] {
    return this.policies.flatMap(({ policy, index }) =>
      index.allows.map((compiled) => ({
        statement: compiled.statement,
        compiled,
        source: { policy: policy.name, source: policy.source, ...defined({ location: policy.document?.location }) },
      })),
    );
  }

  /** What the actions of a statement are worth after denies and boundary; undefined: nothing is left. */
  worthOf(compiled: Compiled): Worth | undefined {
    const { statement, worths } = compiled;
    const denies = this.relevantDenies(statement);
    const key = JSON.stringify([
      denies.map((deny) => deny.statement),
      this.limit?.allows.map((allow) => allow.statement),
    ]);
    if (worths.has(key)) return worths.get(key);
    const isUntouched = denies.length === 0 && this.limit === undefined;
    const worth = worthAfter(
      statement,
      isUntouched ? undefined : (action) => this.isActionLeft(statement, action, denies),
    );
    worths.set(key, worth);
    return worth;
  }

  /** Denies without a condition that can take away all of what a statement allows. */
  private relevantDenies({ resources }: Statement): Compiled[] {
    return this.indexes.flatMap(({ denies }) =>
      denies.filter(
        ({ statement }) =>
          statement.conditions.length === 0 &&
          !statement.conditionUnknown &&
          canTakeAll(resources, statement.resources),
      ),
    );
  }

  private isLeft(statement: Statement, pattern: string): boolean {
    const denies = this.relevantDenies(statement);
    if (denies.length === 0 && this.limit === undefined) return true;
    const text = pattern.toLowerCase();
    const names = isAll(text) ? [...ACTION_BY_KEY.keys()] : (ACTIONS.get(serviceOf(text)) ?? []).map(({ key }) => key);
    return names.length === 0 || names.every((action) => this.isActionLeft(statement, action, denies));
  }

  private isActionLeft({ resources }: Statement, action: string, denies: readonly Compiled[]): boolean {
    const naming = denies.filter(({ actions }) => actions.has(action));
    if (naming.some(({ statement }) => leftOf(action, resources, statement.resources) === 'none')) return false;
    return this.limit === undefined || reachWithin(this.limit, action) !== 'none';
  }
}

/** The worth of what a statement allows, of the actions that `isLeft` lets pass. */
function worthAfter({ actions }: Statement, isLeft?: (action: string) => boolean): Worth | undefined {
  const { patterns, except, unknown } = actions;
  if (!except) return highest(patterns.flatMap((pattern) => worthOfPattern(pattern, isLeft) ?? []));
  const list = new ActionList(actions);
  return unknown ? undefined : worthOfPattern('*', (action) => list.has(action) && isLeft?.(action) !== false);
}

/** Everything of a service that only reads is no more than reading. */
function wildcardTier(pattern: string, everywhere: boolean): PrivilegeTier {
  const worth = pattern.startsWith('* except') ? undefined : worthOfPattern(pattern);
  const least = everywhere ? 1 : 2;
  return Math.max(least, worth?.onAll ?? least) as PrivilegeTier;
}

/** `*` and `*:*`. */
export function isAll(pattern: string): boolean {
  return pattern === '*' || pattern === '*:*';
}

/** Patterns of a statement that name everything of a service. What NotAction leaves is named by what it leaves out. */
function wildcardsOf({ actions }: Statement): string[] {
  if (actions.except) return actions.unknown ? [] : [`* except ${actions.patterns.join(', ')}`];
  return actions.patterns.filter((pattern) => isAll(pattern) || /^[\w-]+:\*+$/.test(pattern));
}
