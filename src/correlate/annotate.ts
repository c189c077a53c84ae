import { defined } from '../lib/fields/defined.ts';
import type { Exposure } from '../model/artifact.ts';
import type { Owner } from '../model/finding.ts';
import type { Attribute, Edge, Identity } from '../model/identity.ts';
import { kindOfType } from '../model/identity-kinds.ts';
import type { Json } from '../model/json.ts';
import { compareText } from '../model/location.ts';
import type { SecretGroup } from './groups.ts';
import type { KeyIndex } from './key-index.ts';
import { withAttributes } from './merge.ts';
import { MOST_OWNERS, type OwnerFinder } from './owners.ts';
import { earliest, exposureOf, widest } from './places.ts';
import { attributeValue, bornAt, computed, timeOf } from './shared/attributes.ts';
import { citePlaces } from './shared/cite.ts';

const SOURCE = 'correlate';

/** A secret that is known to open an identity, by id match or fingerprint: a guess marks nobody as leaked. */
export interface Leak {
  readonly group: SecretGroup;
  /** True for the node whose own credential leaked, false for the principal behind it. */
  readonly direct: boolean;
}

/** What the attributes are computed from. */
export interface AnnotateInput {
  readonly identities: readonly Identity[];
  readonly edges: readonly Edge[];
  readonly owners: OwnerFinder;
  readonly index: KeyIndex;
  /** `has-credential` edges by the credential they end at. */
  readonly holders: ReadonlyMap<string, readonly Edge[]>;
  readonly leaks: ReadonlyMap<string, readonly Leak[]>;
  /** Attributes that joins computed, by identity. */
  readonly joined: ReadonlyMap<string, Readonly<Record<string, Attribute>>>;
  /** Facts that two places together tell, by identity. */
  readonly crossed: ReadonlyMap<string, Readonly<Record<string, Json>>>;
}

/** Adds the attributes that only the whole inventory can tell. What a collector said is never overwritten. */
export function annotate(input: AnnotateInput): Identity[] {
  const consumers = countConsumers(input.edges);
  return input.identities.map((identity) => {
    const leaks = input.leaks.get(identity.id) ?? [];
    const count = consumers.get(identity.id);
    const values: Readonly<Record<string, Json>> = Object.assign(
      count === undefined ? {} : { consumerCount: count },
      inheritedTier(identity, input),
      declaredExposure(identity, input.index),
      ownerAttributes(identity, input.owners),
      leaks.length === 0 ? undefined : leakAttributes(identity, leaks),
      input.crossed.get(identity.id),
    );
    const joined = input.joined.get(identity.id);
    if (joined === undefined && Object.keys(values).length === 0) return identity;
    return withAttributes(identity, Object.assign(computed(SOURCE, values), joined));
  });
}

/** The consumer behind an edge: jobs of one workflow are one consumer. */
export function consumerOf(edge: Edge): string {
  return edge.from.startsWith('workflow:') ? edge.from.replace(/#.*$/s, '') : edge.from;
}

function countConsumers(edges: readonly Edge[]): ReadonlyMap<string, number> {
  const consumers = new Map<string, Set<string>>();
  for (const edge of edges) {
    if (edge.kind !== 'uses' || edge.confidence === 'inferred') continue;
    const set = consumers.get(edge.to) ?? new Set<string>();
    consumers.set(edge.to, set.add(consumerOf(edge)));
  }
  return new Map([...consumers].map(([id, set]) => [id, set.size]));
}

/** A credential can do what its principal can. */
function inheritedTier(identity: Identity, input: AnnotateInput): Readonly<Record<string, Json>> {
  const held = input.holders.get(identity.id);
  if (held === undefined) return {};
  const holders = held.filter((edge) => edge.confidence !== 'inferred');
  const tiers = holders.map((edge) => attributeValue(input.index.byId.get(edge.from), 'privilegeTier'));
  const knownTiers = tiers.filter((tier) => typeof tier === 'number');
  return knownTiers.length === 0 ? {} : { privilegeTier: Math.min(...knownTiers) };
}

/** Who can read the files that declare the identity. */
function declaredExposure(identity: Identity, index: KeyIndex): Readonly<Record<string, Json>> {
  const places = identity.evidence.map((evidence) => evidence.location).filter((place) => place !== undefined);
  const exposure = widest(places.map((place) => exposureOf(place, index)));
  return exposure === 'unknown' ? {} : { declaredExposure: exposure };
}

function ownerAttributes(identity: Identity, finder: OwnerFinder): Readonly<Record<string, Json>> {
  // Nobody has to look after a person or a repository as after an identity.
  if (kindOfType(identity.type) === 'support') return {};
  const owners = finder.ofIdentity(identity.id);
  // Who owns it says more than who answers for the file that declares it.
  const named = owners.filter(({ how }) => how !== 'CODEOWNERS');
  const state = stateOf(named.length > 0 ? named : owners);
  const code = named.length > 0 ? [] : owners.map(({ kind, name }) => `${kind} ${name}`);
  const codeOwners = code.length === 0 ? {} : { codeOwners: code };
  if (state !== undefined) return { ownerState: state, ...codeOwners };
  const declared = identity.evidence.some(
    (evidence) => evidence.location !== undefined && finder.declares(evidence.location),
  );
  return owners.length === 0 && declared ? { ownerState: 'none' } : codeOwners;
}

/** A team is an owner even where nobody could list its members; a person about whom nothing is known proves nothing. */
function stateOf(owners: readonly Owner[]): 'active' | 'gone' | undefined {
  if (owners.some((owner) => owner.state === 'active' || (owner.kind === 'team' && owner.state !== 'gone')))
    return 'active';
  if (owners.length === 0 || owners.length >= MOST_OWNERS) return undefined;
  return owners.every((owner) => owner.state === 'gone') ? 'gone' : undefined;
}

function leakAttributes(identity: Identity, leaks: readonly Leak[]): Readonly<Record<string, Json>> {
  const exposedAt = earliest(leaks.map((leak) => leak.group.exposedAt));
  const exposure: Exposure = widest(leaks.map((leak) => leak.group.exposure));
  const environments = [...new Set(leaks.flatMap((leak) => leak.group.environments))].sort(compareText);
  return {
    leaked: true,
    leakPlaces: citePlaces(leaks.flatMap((leak) => leak.group.locations)),
    ...defined({ exposedAt }),
    ...(exposure === 'unknown' ? {} : { leakExposure: exposure }),
    ...(environments.length === 0 ? {} : { environments }),
    ...(leaks.some((leak) => leak.direct) ? rotatedSince(identity, exposedAt) : {}),
  };
}

/** Whether the credential is younger than its exposure. A principal's own age says nothing about its keys. */
function rotatedSince(identity: Identity, exposedAt: string | undefined): Readonly<Record<string, Json>> {
  const born = bornAt(identity);
  const leaked = timeOf(exposedAt);
  return born === undefined || leaked === undefined ? {} : { rotatedSinceExposure: born > leaked };
}
