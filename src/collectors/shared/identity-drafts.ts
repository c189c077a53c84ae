import { defined } from '../../lib/fields/defined.ts';
import { mergeFields } from '../../lib/fields/merge-fields.ts';
import { recordOf } from '../../lib/fields/record-of.ts';
import type { Origin } from '../../model/artifact.ts';
import {
  type Attribute,
  type EdgeKind,
  type Evidence,
  type Grant,
  type Identity,
  identityId,
  type JoinKey,
  type PendingEdge,
  type Precision,
} from '../../model/identity.ts';
import type { Json } from '../../model/json.ts';
import type { Location } from '../../model/location.ts';
import type { DeclaredItem } from '../contract.ts';

/** Most values of one source whose attributes are kept. */
const MOST_VALUES = 10_000;

/** Values by attribute name. An undefined value is unknown and is not set. */
export type Facts = Readonly<Record<string, Json | undefined>>;

/** What is known about an identity when it is first mentioned. */
export interface DraftHead {
  readonly id: string;
  readonly type: string;
  readonly provider: string;
  readonly name: string;
  readonly account?: string | undefined;
}

/** An unfinished identity, to which several places of the input may add. */
export interface Draft extends DraftHead {
  readonly attributes: Map<string, Attribute>;
  readonly keys: Map<string, JoinKey>;
  readonly grants: Grant[];
  moreGrants: number;
  readonly evidence: Evidence[];
  /** An attribute. Equal ones of all drafts can be one object. */
  readonly attributeOf: (value: Json, source: string, precision: Precision | undefined) => Attribute;
}

/**
 * Gathers the identities and edges of one call of a collector, and returns them in the order in which they were first
 * mentioned.
 */
export class Drafts {
  private readonly drafts = new Map<string, Draft>();
  /** Evidence that was already added, by its place. Thousands of documents can be about one identity. */
  private readonly places = new Map<string, Evidence>();
  private readonly edges = new Map<string, PendingEdge>();
  private readonly attributeOf = createAttributes();

  /** Returns the draft of an id. The first caller creates it and decides type and name. */
  identity(head: DraftHead, evidence: Evidence): Draft {
    const existing = this.drafts.get(head.id);
    const draft: Draft = existing ?? {
      id: head.id,
      type: head.type,
      provider: head.provider,
      name: head.name,
      account: head.account,
      attributes: new Map(),
      keys: new Map(),
      grants: [],
      moreGrants: 0,
      evidence: [],
      attributeOf: this.attributeOf,
    };
    if (existing === undefined) this.drafts.set(head.id, draft);
    const place = evidenceKey(head.id, evidence);
    const earlier = this.places.get(place);
    if (earlier === undefined) draft.evidence.push(evidence);
    else if (earlier.detail === true && evidence.detail === undefined) {
      draft.evidence[draft.evidence.indexOf(earlier)] = evidence;
    } else return draft;
    this.places.set(place, evidence);
    return draft;
  }

  /** As `identity`, for a place that only adds to it. */
  detail(head: DraftHead, evidence: Evidence): Draft {
    return this.identity(head, mergeFields(evidence, { detail: true }));
  }

  /** The draft of an id that was mentioned. */
  known(id: string): Draft | undefined {
    return this.drafts.get(id);
  }

  edge(from: string, kind: EdgeKind, toKey: JoinKey, evidence: Evidence, reversed = false): void {
    // Lengths, so that different edges have different keys. JSON would cost a fifth of a large account.
    const key = `${kind} ${reversed} ${toKey.kind.length} ${from.length} ${toKey.kind}${from}${toKey.value}`;
    if (this.edges.has(key)) return;
    const direction = reversed ? { reversed } : {};
    this.edges.set(key, { from: identityId(from), kind, toKey, ...direction, evidence: [evidence] });
  }

  *collected(): Iterable<DeclaredItem> {
    for (const draft of this.drafts.values()) yield { kind: 'identity', identity: finish(draft) };
    for (const edge of this.edges.values()) yield { kind: 'edge', edge };
  }
}

/** Makes attributes. The same value of the same source gives the same object: thousands of identities share a few. */
function createAttributes(): Draft['attributeOf'] {
  const known = new Map<string, Map<Json, Attribute>>();
  return (value, source, precision) => {
    const kind = `${precision ?? ''} ${source}`;
    const own = known.get(kind) ?? new Map<Json, Attribute>();
    const earlier = own.get(value);
    if (earlier !== undefined) return earlier;
    const attribute = { value, source, ...(precision && { precision }) };
    if (own.size < MOST_VALUES) known.set(kind, own.set(value, attribute));
    return attribute;
  };
}

/** Sets attributes that are known. A later call replaces an earlier value. */
export function setFacts(draft: Draft, facts: Facts, source: string, precision?: Attribute['precision']): void {
  for (const name of Object.keys(facts)) setFact(draft, name, facts[name], source, precision);
}

/** As `setFacts`, for one attribute. */
export function setFact(
  draft: Draft,
  name: string,
  value: Json | undefined,
  source: string,
  precision?: Attribute['precision'],
): void {
  if (value !== undefined) draft.attributes.set(name, draft.attributeOf(value, source, precision));
}

/** Adds a join key; an undefined value adds nothing. */
export function addKey(draft: Draft, kind: string, value: string | undefined): void {
  if (value !== undefined && value !== '') draft.keys.set(`${kind} ${value}`, { kind, value });
}

/** A key that names an identity by its id. */
export function byId(id: string): JoinKey {
  return { kind: 'identity', value: identityId(id) };
}

/** Where something begins or ends. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Returns the place of a declaration. Lines and columns count from 1; the end is exclusive. */
export function locationOf(collector: string, origin: Origin, start: Position, end: Position): Location {
  return placesIn(collector, origin)(start, end);
}

/** The same for many places of one file. */
export function placesIn(collector: string, origin: Origin): (start: Position, end: Position) => Location {
  const { collector: _, ...file } = origin;
  return (start, end) =>
    mergeFields(file, {
      startLine: start.line,
      startColumn: start.column,
      endLine: end.line,
      endColumn: end.column,
      collector,
    });
}

function finish(draft: Draft): Identity {
  const { id, type, provider, name, account, attributes, keys, grants, moreGrants, evidence } = draft;
  return {
    id: identityId(id),
    type,
    provider,
    name,
    ...defined({ account }),
    attributes: recordOf(attributes),
    keys: [...keys.values()],
    grants,
    ...(moreGrants === 0 ? {} : { moreGrants }),
    evidence,
  };
}

/** Evidence on the same line counts as the same. */
function evidenceKey(id: string, { source, location }: Evidence): string {
  if (location === undefined) return `${source.length} ${source}${id}`;
  return JSON.stringify([id, source, location?.startLine, location?.path]);
}
