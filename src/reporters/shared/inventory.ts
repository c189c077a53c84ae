import { defined } from '../../lib/fields/defined.ts';
import { cleanText } from '../../lib/text/terminal.ts';
import type { Finding } from '../../model/finding.ts';
import {
  type Edge,
  type EdgeConfidence,
  type EdgeKind,
  type Grant,
  type Identity,
  knownTier,
  privilegeOf,
} from '../../model/identity.ts';
import type { Json } from '../../model/json.ts';
import { compareText, type Location } from '../../model/location.ts';
import type { Report } from '../../model/report.ts';
import { primaryPlace } from './findings.ts';
import { describeTier, describeType, formatDay, joinWords } from './words.ts';

/** Steps that a path may have, and targets of one kind that are listed. Bounds the output on a dense graph. */
const MOST_STEPS = 8;
const MOST_ASSUMED = 3;

/** Kinds of edge that lead from a secret to what it opens: along the arrow, or against it. */
const FORWARD: ReadonlyMap<EdgeKind, string> = new Map([
  ['authenticates', 'authenticates'],
  ['same-key-as', 'is the same key as'],
]);
const BACKWARD: ReadonlyMap<EdgeKind, string> = new Map([['has-credential', 'is a credential of']]);

/** The report's graph, ready for look-ups. */
export interface Inventory {
  readonly identities: ReadonlyMap<string, Identity>;
  readonly out: ReadonlyMap<string, readonly Edge[]>;
  readonly into: ReadonlyMap<string, readonly Edge[]>;
  /** Repositories that places of the report are in, sorted. With more than one, every place names its own. */
  readonly repositories: readonly string[];
}

/** One step on the way from a secret to what it may do. */
export interface PathStep {
  /** Words from the step before to this one: `authenticates`, `may`. */
  readonly relation: string;
  readonly label: string;
  readonly confidence?: EdgeConfidence;
  readonly identity?: Identity;
  readonly grant?: Grant;
  /** File place of the declaration, where there is one. */
  readonly location?: Location;
}

/** Indexes identities and edges once per report. */
export function indexInventory(report: Report): Inventory {
  const out = new Map<string, Edge[]>();
  const into = new Map<string, Edge[]>();
  for (const edge of report.edges) {
    addTo(out, edge.from, edge);
    addTo(into, edge.to, edge);
  }
  const identities = new Map(report.identities.map((identity) => [identity.id, identity]));
  return { identities, out, into, repositories: listRepositories(report) };
}

function listRepositories(report: Report): string[] {
  const names = new Set<string>();
  const add = ({ repository }: Location): unknown => repository !== undefined && names.add(repository);
  for (const { locations } of report.findings) locations.forEach(add);
  for (const identity of report.identities) placesOf(identity).forEach(add);
  return [...names].sort(compareText);
}

function placesOf({ evidence, grants }: Identity): Location[] {
  return [...evidence, ...grants].flatMap(({ location }) => (location === undefined ? [] : [location]));
}

/** The repository of a finding's first place, else of the file that declares its identity. */
export function repositoryOf(inventory: Inventory, finding: Finding): string | undefined {
  const place = primaryPlace(finding);
  if (place !== undefined) return place.repository;
  const identity = identityOf(inventory, finding);
  return identity === undefined ? undefined : declarationOf(identity)?.repository;
}

function addTo(map: Map<string, Edge[]>, key: string, edge: Edge): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [edge]);
  else list.push(edge);
}

/** The identity behind a finding, if the report has it. */
export function identityOf(inventory: Inventory, finding: Finding): Identity | undefined {
  return finding.identityId === undefined ? undefined : inventory.identities.get(finding.identityId);
}

/** `machine user acme-ci (github, acme)`. */
export function describeIdentity(identity: Identity): string {
  const account = identity.account === undefined ? '' : `, ${cleanText(identity.account)}`;
  return `${describeType(identity.type)} ${cleanText(identity.name)} (${cleanText(identity.provider)}${account})`;
}

/** Grants, strongest first. What two sources say alike stands once. */
export function sortGrants(identity: Identity): Grant[] {
  const unique = new Map(
    [...identity.grants].reverse().map((grant) => [`${grant.tier}\n${grant.permission}\n${grant.resource}`, grant]),
  );
  return [...unique.values()].sort(
    (a, b) => a.tier - b.tier || compareText(a.permission, b.permission) || compareText(a.resource, b.resource),
  );
}

/** Text of an attribute for people; undefined where it is not known. */
export function attributeText(identity: Identity, name: string): string | undefined {
  const value = identity.attributes[name]?.value;
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return joinWords(value.map(jsonText));
  return jsonText(value);
}

function jsonText(value: Json): string {
  return cleanText(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Names of the owners that the graph knows, sorted; else of those who own the files that declare it. */
export function ownersOf(inventory: Inventory, identity: Identity): string[] {
  const edges = (inventory.into.get(identity.id) ?? []).filter((edge) => edge.kind === 'owns');
  const names = [...new Set(edges.map((edge) => nameOf(inventory, edge.from)))].sort(compareText);
  const code = identity.attributes['codeOwners']?.value;
  return names.length > 0 || !Array.isArray(code) ? names : code.map((owner) => `${jsonText(owner)} (CODEOWNERS)`);
}

function nameOf(inventory: Inventory, id: string): string {
  const identity = inventory.identities.get(id);
  return identity === undefined ? cleanText(id) : `${describeType(identity.type)} ${cleanText(identity.name)}`;
}

/** First file place that declares the identity. */
export function declarationOf(identity: Identity): Location | undefined {
  return identity.evidence.find((evidence) => evidence.location !== undefined)?.location;
}

/**
 * The way from a secret to the identity behind it: secret -> key -> identity. Empty where nothing is known. A finding
 * without a secret starts at its identity.
 */
export function traceIdentity(inventory: Inventory, finding: Finding): PathStep[] {
  const target = finding.identityId;
  if (finding.kind === 'posture') return target === undefined ? [] : [stepTo(inventory, 'concerns', target)];
  const path = searchPath(inventory, `secret:${finding.fingerprint}`, target).filter(isNews(finding.fingerprint));
  if (path.length > 0 || target === undefined || target === ownNode(finding.fingerprint)) return path;
  return [stepTo(inventory, 'opens', target)];
}

/** The node that stands for the secret itself says nothing that the finding does not say. */
function isNews(fingerprint: string): (step: PathStep) => boolean {
  return ({ identity }) => identity?.id !== ownNode(fingerprint);
}

function ownNode(fingerprint: string): string {
  return `credential:${fingerprint}`;
}

/** Breadth first, so the shortest way. Without a target: the farthest node of the first longest way. */
function searchPath(inventory: Inventory, start: string, target: string | undefined): PathStep[] {
  const paths = new Map<string, PathStep[]>([[start, []]]);
  let last: PathStep[] = [];
  for (const [node, path] of paths) {
    if (node === target) return path;
    if (path.length > last.length) last = path;
    if (path.length >= MOST_STEPS) continue;
    for (const step of stepsFrom(inventory, node)) {
      if (!paths.has(step.node)) paths.set(step.node, [...path, step.step]);
    }
  }
  return target === undefined ? last : [];
}

function stepsFrom(inventory: Inventory, node: string): { node: string; step: PathStep }[] {
  const steps: { node: string; step: PathStep }[] = [];
  for (const edge of inventory.out.get(node) ?? []) {
    const relation = FORWARD.get(edge.kind);
    if (relation !== undefined) steps.push({ node: edge.to, step: stepTo(inventory, relation, edge.to, edge) });
  }
  for (const edge of inventory.into.get(node) ?? []) {
    const relation = BACKWARD.get(edge.kind);
    if (relation !== undefined) steps.push({ node: edge.from, step: stepTo(inventory, relation, edge.from, edge) });
  }
  return steps;
}

function stepTo(inventory: Inventory, relation: string, node: string, edge?: Edge): PathStep {
  const identity = inventory.identities.get(node);
  const location = identity === undefined ? undefined : declarationOf(identity);
  return {
    relation,
    label: identity === undefined ? cleanText(node) : describeIdentity(identity),
    ...(edge === undefined ? {} : { confidence: edge.confidence }),
    ...defined({ identity, location }),
  };
}

/** What an identity may do: its strongest grants, then the identities that it can become. */
export function traceGrants(inventory: Inventory, identity: Identity, limit: number): PathStep[] {
  const grants = sortGrants(identity);
  const steps: PathStep[] = grants.slice(0, limit).map(grantStep);
  if (grants.length > limit) steps.push({ relation: 'may', label: `${grants.length - limit} more` });
  const assumed = (inventory.out.get(identity.id) ?? []).filter((edge) => edge.kind === 'can-assume');
  for (const edge of assumed.slice(0, MOST_ASSUMED)) steps.push(stepTo(inventory, 'can become', edge.to, edge));
  if (assumed.length > MOST_ASSUMED) {
    steps.push({ relation: 'can become', label: `${assumed.length - MOST_ASSUMED} more` });
  }
  return steps;
}

function grantStep(grant: Grant): PathStep {
  const label = `${cleanText(grant.permission)} on ${cleanText(grant.resource)}`;
  return { relation: 'may', label, grant, ...defined({ location: grant.location }) };
}

function describePrivilege(identity: Identity): string {
  const tier = privilegeOf(identity);
  if (tier === undefined) return 'privilege not known';
  const isWhole = knownTier(identity) !== undefined;
  return `privilege tier ${tier}${isWhole ? '' : ' or more'} (${describeTier(tier)}${isWhole ? '' : '; not all of it is known'})`;
}

/** Privilege, owner and last use of an identity. Unknown ones are named, too. */
export function describeLifecycle(inventory: Inventory, identity: Identity): string {
  const privilege = describePrivilege(identity);
  const owners = ownersOf(inventory, identity);
  const state = attributeText(identity, 'ownerState');
  const gone = state === 'gone' ? ' (gone)' : '';
  const owner =
    owners.length > 0 ? `owner ${joinWords(owners)}${gone}` : state === 'none' ? 'no owner' : 'owner not known';
  const used = attributeText(identity, 'lastUsedAt');
  return `${privilege}; ${owner}; ${used === undefined ? 'last use not known' : `last used ${formatDay(used)}`}`;
}
