import { mergeFields } from '../lib/fields/merge-fields.ts';
import type { Owner } from '../model/finding.ts';
import type { Gap } from '../model/gap.ts';
import type { Attribute, Edge, Evidence, Identity, PendingEdge } from '../model/identity.ts';
import { kindOfType } from '../model/identity-kinds.ts';
import type { Match } from '../model/match.ts';
import type { RuleHead } from '../model/rule.ts';
import { annotate, type Leak } from './annotate.ts';
import { edgesOfGroup, findOpened, indexHolders, type Opened, principalOf, useIdentifiers } from './authenticates.ts';
import { addThumbprints } from './certificate-keys.ts';
import type { CredentialReader, Join, JoinInput } from './contract.ts';
import type { OpenedSecret } from './crossings/contract.ts';
import { findCrossings } from './crossings/crossings.ts';
import { addDeclaredDates } from './crossings/dates.ts';
import { addDeclaredValues } from './declared-values.ts';
import { credentialNode, type FoundCredentials, findCredentials } from './found-credentials.ts';
import { groupMatches, type SecretGroup } from './groups.ts';
import { createHitFinder, type HitFinder } from './hits.ts';
import { indexKeys, type KeyIndex } from './key-index.ts';
import { mergeIdentities, mergeMore } from './merge.ts';
import { createOwnerFinder, type OwnerFinder, uniqueOwners } from './owners.ts';
import { resolvePending } from './pending.ts';
import { mergeEdges, mergeEvidence } from './shared/edges.ts';
import { addHints } from './token-hints.ts';
import { unifyDeclared } from './unify-declared.ts';

export type { SecretGroup } from './groups.ts';

/** Everything that collectors and detection found. */
export interface CorrelateInput {
  /** May repeat an id: facts of several sources are merged. */
  readonly identities: readonly Identity[];
  readonly pending: readonly PendingEdge[];
  readonly matches: readonly Match[];
  readonly rules: ReadonlyMap<string, RuleHead>;
  readonly fingerprintKey: string;
  readonly joins: readonly Join[];
  readonly readers: readonly CredentialReader[];
  readonly thresholds: Readonly<Record<string, number>>;
  readonly now: Date;
  /** Names of repositories that are clones, and the name that stands for each. Absent: none are. */
  readonly clones?: ReadonlyMap<string, string>;
  /** Repositories (`owner/name`) whose whole checked-out tree was read. Absent: none, and nothing is called unused. */
  readonly scannedRepositories?: Iterable<string>;
}

/** One inventory: secrets, identities and the edges between them. Independent of the order of the input. */
export interface Correlated {
  readonly groups: readonly SecretGroup[];
  readonly identities: readonly Identity[];
  readonly edges: readonly Edge[];
  /** Owners by identity, best source first; identities without any are absent. */
  readonly owners: ReadonlyMap<string, readonly Owner[]>;
  /** What a limit kept from being joined. */
  readonly gaps: readonly Gap[];
}

/** Joins secrets to the identities they open without using them, and identities to each other. Pure. */
export function correlate(given: CorrelateInput): Correlated {
  const input = { ...given, ...unifyDeclared(given.identities, given.pending) };
  const known = mergeIdentities(input.identities);
  const listed = indexKeys(known, input.clones);
  const grouped = groupMatches(input.matches, input.rules, input.fingerprintKey, listed);
  const groups = addThumbprints(addDeclaredValues(addHints(grouped.groups, listed), known), known);
  const credentials = findCredentials(groups, input.readers, listed);
  const merged = mergeMore(known, input.identities, credentials.identities);
  const index = indexKeys(merged, input.clones);
  const hits = createHitFinder(index);
  const joined = runJoins(input, merged, groups, credentials);
  const noted = useIdentifiers(grouped.identifiers, index, hits);
  const claimed = new Set(input.joins.flatMap((join) => join.resolves ?? []));
  const declared = mergeEdges([
    ...resolvePending(input.pending, hits, claimed),
    ...joined.edges,
    ...noted.edges,
    ...credentials.edges,
  ]);
  const holders = indexHolders(declared);
  const linked = linkSecrets(groups, credentials, index, hits, holders);
  const edges = mergeEdges([...declared, ...linked.edges]);
  const withNotes = addDeclaredDates(addEvidence(merged, noted.evidence));
  const owners = createOwnerFinder(withNotes, edges);
  const crossed = findCrossings({
    identities: withNotes,
    edges,
    opened: linked.opened,
    declared: input.declared,
    now: input.now,
  });
  return {
    groups: linked.groups.map((group) => addOwners(group, owners)),
    identities: annotate({
      identities: withNotes,
      edges,
      owners,
      index,
      holders,
      leaks: linked.leaks,
      joined: joined.attributes,
      crossed,
    }),
    edges,
    owners: ownersById(withNotes, owners),
    gaps: findGaps(hits.lost(), owners.unasked(), credentials.unnamed),
  };
}

/** Gaps of joins that would be too many. */
function findGaps(links: number, paths: number, unnamed: number): Gap[] {
  const gapOf = (subject: string, message: string): Gap => ({
    reason: 'limit',
    subject,
    message: `${subject}: ${message}`,
  });
  return [
    ...(links > 0 ? [gapOf('links', `${links} are not made: too many identities have the same key`)] : []),
    ...(unnamed > 0
      ? [gapOf('found secrets', `${unnamed} that nothing names are findings, but not in the inventory`)]
      : []),
    ...(paths > 0 ? [gapOf('code owners', `of ${paths} paths unknown: too many patterns for so many paths`)] : []),
  ];
}

interface Joined {
  readonly edges: readonly Edge[];
  readonly attributes: ReadonlyMap<string, Readonly<Record<string, Attribute>>>;
}

function runJoins(
  input: CorrelateInput,
  identities: readonly Identity[],
  groups: readonly SecretGroup[],
  credentials: FoundCredentials,
): Joined {
  const findings = groups.map(({ fingerprint, rule, facts, locations }) => ({
    fingerprint,
    ruleId: rule.id,
    facts,
    locations,
    credentialId: credentials.byFingerprint.get(fingerprint),
  }));
  const scanned = new Set([...(input.scannedRepositories ?? [])].map((name) => name.toLowerCase()));
  const joinInput: JoinInput = {
    identities,
    pending: input.pending,
    findings,
    now: input.now,
    scannedRepositories: scanned,
  };
  const edges: Edge[] = [];
  const attributes = new Map<string, Readonly<Record<string, Attribute>>>();
  for (const join of input.joins) {
    const output = join.join(joinInput);
    edges.push(...output.edges);
    for (const [id, added] of output.attributes) attributes.set(id, Object.assign({}, attributes.get(id), added));
  }
  return { edges, attributes };
}

interface Linked {
  readonly groups: readonly SecretGroup[];
  readonly edges: readonly Edge[];
  readonly leaks: ReadonlyMap<string, readonly Leak[]>;
  readonly opened: readonly OpenedSecret[];
}

function linkSecrets(
  groups: readonly SecretGroup[],
  credentials: FoundCredentials,
  index: KeyIndex,
  hits: HitFinder,
  holders: ReadonlyMap<string, readonly Edge[]>,
): Linked {
  const edges: Edge[] = [];
  const leaks = new Map<string, Leak[]>();
  const openings: OpenedSecret[] = [];
  const linked = groups.map((group) => {
    const credential = index.byId.get(credentials.byFingerprint.get(group.fingerprint) ?? '');
    const opened = findOpened(group, hits, credential);
    edges.push(...edgesOfGroup(group, opened, index));
    for (const opening of opened) markLeak(leaks, group, opening, holders);
    const sure = opened.filter(({ confidence }) => confidence !== 'inferred').map(({ identity }) => identity);
    if (sure.length > 0) openings.push({ group, nodes: credentialsFirst(sure) });
    return withIdentity(group, opened, holders);
  });
  return { groups: linked, edges, leaks, opened: openings };
}

function credentialsFirst(nodes: readonly Identity[]): readonly Identity[] {
  const isCredential = ({ type }: Identity): boolean => kindOfType(type) === 'credential';
  return [...nodes.filter(isCredential), ...nodes.filter((node) => !isCredential(node))];
}

/** The node that only stands for the secret itself tells least: whoever else is behind it comes first. */
function withIdentity(
  group: SecretGroup,
  opened: readonly Opened[],
  holders: ReadonlyMap<string, readonly Edge[]>,
): SecretGroup {
  const principals = opened.map((opening) => ({ opening, ...principalOf(opening, holders) }));
  const own = credentialNode(group.fingerprint);
  const best = principals.find(({ id }) => id !== own) ?? principals[0];
  if (best === undefined) return group;
  const { id, confidence, opening } = best;
  const credential = id === opening.identity.id ? {} : { credentialId: opening.identity.id };
  return mergeFields(group, { identityId: id, identityConfidence: confidence, ...credential });
}

function markLeak(
  leaks: Map<string, Leak[]>,
  group: SecretGroup,
  opened: Opened,
  holders: ReadonlyMap<string, readonly Edge[]>,
): void {
  if (opened.confidence === 'inferred') return;
  const { id, confidence } = principalOf(opened, holders);
  add(leaks, opened.identity.id, { group, direct: true });
  if (id !== opened.identity.id && confidence !== 'inferred') add(leaks, id, { group, direct: false });
}

function add(leaks: Map<string, Leak[]>, id: string, leak: Leak): void {
  const list = leaks.get(id);
  if (list === undefined) leaks.set(id, [leak]);
  else list.push(leak);
}

function addEvidence(identities: readonly Identity[], notes: ReadonlyMap<string, readonly Evidence[]>): Identity[] {
  return identities.map((identity) => {
    const note = notes.get(identity.id);
    return note === undefined ? identity : mergeFields(identity, mergeEvidence([identity, { evidence: note }]));
  });
}

function ownersById(identities: readonly Identity[], finder: OwnerFinder): ReadonlyMap<string, readonly Owner[]> {
  const entries = identities.map((identity) => [identity.id as string, finder.ofIdentity(identity.id)] as const);
  return new Map(entries.filter(([, owners]) => owners.length > 0));
}

function addOwners(group: SecretGroup, finder: OwnerFinder): SecretGroup {
  const ids = [group.identityId, group.credentialId].filter((id) => id !== undefined);
  const ofIdentities = ids.flatMap((id) => finder.ofIdentity(id));
  const owners = uniqueOwners([...finder.ofLocations(group.locations), ...ofIdentities]);
  return owners.length === 0 && group.owners.length === 0 ? group : mergeFields(group, { owners });
}
