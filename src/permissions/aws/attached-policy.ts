import { isKnownOperator } from './conditions.ts';
import type { PolicyDocument, Statement } from './document.ts';

/** A policy that is attached to a principal. Without a document its permissions are unknown. */
export interface AttachedPolicy {
  readonly name: string;
  /** Endpoint or file that says so. */
  readonly source: string;
  readonly document?: PolicyDocument;
}

/** A permissions boundary: its document, or `unknown` if there is one that nobody could read. */
export type Boundary = PolicyDocument | 'unknown';

/** What policies give at least, and at most. */
export interface Bounds {
  readonly least: readonly AttachedPolicy[];
  readonly most: readonly AttachedPolicy[];
}

/** Stands for a resource that nobody knows. It is some, and never all of a kind. */
const SOME = 'some resource';

/**
 * Reads policies twice where the resources of allowing statements are all that is not known of them: as if these were
 * some resource, and as if they were every one. Undefined where something else is not known.
 */
export function readBounds(policies: readonly AttachedPolicy[]): Bounds | undefined {
  const pairs = policies.map((policy) => {
    const documents = policy.document && boundsOf(policy.document);
    return documents?.map((document) => ({ ...policy, document }));
  });
  const known = pairs.flatMap((pair) => (pair === undefined ? [] : [pair]));
  if (known.length < policies.length) return undefined;
  return { least: known.flatMap(([least]) => least ?? []), most: known.flatMap(([, most]) => most ?? []) };
}

function boundsOf(document: PolicyDocument): readonly PolicyDocument[] | undefined {
  if (document.unknown || !document.statements.every(isKnownBesideResources)) return undefined;
  return [SOME, '*'].map((resource) => ({
    ...document,
    statements: document.statements.map((statement) => withResource(statement, resource)),
  }));
}

function isKnownBesideResources({ effect, actions, resources, conditions }: Statement): boolean {
  if (actions.unknown || !conditions.every(isKnownOperator)) return false;
  return effect === 'Allow' ? !(resources.unknown && resources.except) : effect === 'Deny' && !resources.unknown;
}

function withResource(statement: Statement, resource: string): Statement {
  const { patterns, unknown } = statement.resources;
  if (!unknown) return statement;
  return { ...statement, resources: { patterns: [...patterns, resource], except: false, unknown: false } };
}
