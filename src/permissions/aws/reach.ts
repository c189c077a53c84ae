import { ActionList } from './action-list.ts';
import { isKnownOperator, isNarrowing, passedServices } from './conditions.ts';
import type { PolicyDocument, Statement } from './document.ts';
import type { Worth } from './levels.ts';
import { isBroad, isOwn, leftOf, widestOf } from './resources.ts';
import type { Watched } from './watched.ts';

/** How much an action reaches: every resource of its kind, some (or under a condition), the caller, or none. */
export type Reach = 'all' | 'some' | 'own' | 'none';

/** One statement that allows an action. */
export interface Allowed {
  readonly reach: Exclude<Reach, 'none'>;
  readonly resource: string;
  /** True: under a condition that narrows what it may touch. */
  readonly conditional: boolean;
  /** Services to which a role may be passed; absent: to any. */
  readonly services?: readonly string[];
  readonly document: PolicyDocument;
}

/** A statement, made ready for questions. */
export interface Compiled {
  readonly statement: Statement;
  readonly actions: ActionList;
  /** Worths that were computed, by the denies that were applied. Thousands of principals can have the same policy. */
  readonly worths: Map<string, Worth | undefined>;
  /** The actions that are worth most, once they are known. */
  readonly strongest: string[];
}

/** What one document says: watched actions (in lower case) that it allows, and its denies. */
export interface DocumentIndex {
  readonly allows: readonly Compiled[];
  readonly denies: readonly Compiled[];
  readonly allowed: ReadonlyMap<string, readonly Grantor[]>;
  /** False: a part was not read, or nobody can know what it does. */
  readonly known: boolean;
}

interface Grantor {
  readonly statement: Statement;
  readonly allowed: Allowed;
}

/** Reads a document once. */
export function indexDocument(document: PolicyDocument, watched: Watched): DocumentIndex {
  const compiled = document.statements.map((statement) => ({
    statement,
    actions: new ActionList(statement.actions),
    worths: new Map<string, Worth | undefined>(),
    strongest: [],
  }));
  const allows = compiled.filter(({ statement }) => statement.effect === 'Allow');
  const allowed = new Map<string, Grantor[]>();
  for (const { statement, actions } of allows) {
    const grantor = grantorOf(document, statement);
    if (grantor === undefined) continue;
    for (const action of watchedBy(actions, watched)) {
      const grantors = allowed.get(action);
      if (grantors === undefined) allowed.set(action, [grantor]);
      else grantors.push(grantor);
    }
  }
  return {
    allows,
    denies: compiled.filter(({ statement }) => statement.effect === 'Deny'),
    allowed,
    known: !document.unknown && document.statements.every(isKnown),
  };
}

function isKnown({ effect, actions, resources, conditions }: Statement): boolean {
  return effect !== 'unknown' && !actions.unknown && !resources.unknown && conditions.every(isKnownOperator);
}

function watchedBy(actions: ActionList, watched: Watched): readonly string[] {
  const services = actions.services() ?? [...watched.keys()];
  return services.flatMap((service) => (watched.get(service) ?? []).filter((action) => actions.has(action)));
}

/** Undefined: nobody knows when the statement applies. */
function grantorOf(document: PolicyDocument, statement: Statement): Grantor | undefined {
  const { resources, conditions, conditionUnknown } = statement;
  if (!conditions.every(isKnownOperator)) return undefined;
  const conditional = conditionUnknown || conditions.some(isNarrowing);
  const services = passedServices(conditions);
  const reach = isOwn(resources) ? 'own' : isBroad(resources) && !conditional ? 'all' : 'some';
  const resource = widestOf(resources);
  return { statement, allowed: { reach, resource, conditional, document, ...(services && { services }) } };
}

/** Returns how several documents together allow an action, after all denies. */
export function allowedBy(documents: readonly DocumentIndex[], action: string): Allowed[] {
  const grantors = documents.flatMap(({ allowed }) => allowed.get(action) ?? []);
  if (grantors.length === 0) return [];
  const denies = deniesOf(documents, action);
  return grantors.flatMap(({ statement, allowed }) => applyDenies(action, statement, allowed, denies));
}

/** Denies that name an action. */
export function deniesOf(documents: readonly DocumentIndex[], action: string): Statement[] {
  return documents.flatMap(({ denies }) =>
    denies.filter(({ actions }) => actions.has(action)).map(({ statement }) => statement),
  );
}

function applyDenies(action: string, statement: Statement, allowed: Allowed, denies: readonly Statement[]): Allowed[] {
  let reach: Reach = allowed.reach;
  for (const deny of denies) {
    const left = leftBy(action, statement, deny);
    if (left === 'none') return [];
    if (left === 'some' && reach === 'all') reach = 'some';
  }
  return [{ ...allowed, reach }];
}

/** A deny under a condition leaves some, if the condition is about what is touched; else it can be fulfilled. */
function leftBy(action: string, statement: Statement, deny: Statement): 'all' | 'some' | 'none' {
  if (deny.conditionUnknown || !deny.conditions.every(isKnownOperator)) return 'some';
  const left = leftOf(action, statement.resources, deny.resources);
  if (deny.conditions.length === 0 || left === 'all') return left;
  return deny.conditions.some(isNarrowing) ? 'some' : 'all';
}

/** The widest of several reaches. */
export function widest(allowed: readonly Allowed[]): Allowed | undefined {
  const order: readonly Reach[] = ['all', 'some', 'own'];
  return order.map((reach) => allowed.find((hit) => hit.reach === reach)).find((hit) => hit !== undefined);
}

/** True if a boundary, or any other limit, lets an action pass on all or some resources. */
export function reachWithin(limit: DocumentIndex, action: string): Reach {
  const hits = limit.allows
    .filter(({ actions }) => actions.has(action))
    .flatMap(({ statement }) => {
      const grantor = grantorOf({ statements: [], unknown: false }, statement);
      return grantor === undefined ? [] : applyDenies(action, statement, grantor.allowed, deniesOf([limit], action));
    });
  return widest(hits)?.reach ?? 'none';
}
