import type { Attribute, Edge, Identity, PendingEdge } from '../../model/identity.ts';
import { kindOfType } from '../../model/identity-kinds.ts';
import type { Location } from '../../model/location.ts';
import { defineJoin, type JoinedFinding } from '../contract.ts';
import { computed, listOf, textOf } from '../shared/attributes.ts';
import { describe, MOST_CITED } from '../shared/cite.ts';
import { edgeOf } from '../shared/edges.ts';

const SOURCE = 'join people-access';
const REPOSITORY = 'github:repo:';
/** Edges between a repository and the credentials that belong to it. */
const BELONGS = new Set(['holds', 'installed-on']);
/** Base permissions with which every member of an organisation reads all of its repositories. */
const READS = new Set(['read', 'write', 'admin']);

/**
 * Which people can read, use and manage credentials: members of an organisation read what lies in its repositories, the
 * owner of a token uses it, and somebody from outside who administers a repository manages its keys, hooks and secrets.
 */
export default defineJoin({
  id: 'people-access',
  title: 'people who can read, use or manage credentials',
  join({ identities, pending, findings }) {
    const byId = new Map<string, Identity>(identities.map((identity) => [identity.id, identity]));
    const managers = indexManagers(identities);
    const managed = managedBy(managers, pending, byId);
    const edges = [...managed.edges, ...useEdges(pending, byId), ...readEdges(findings, identities, managers)];
    return { edges, attributes: managed.attributes };
  },
});

/** People from outside who administer repositories, by the id of the repository in lower case. */
function indexManagers(identities: readonly Identity[]): ReadonlyMap<string, readonly Identity[]> {
  const managers = new Map<string, Identity[]>();
  for (const person of identities) {
    if (person.type !== 'person' && person.type !== 'machine_user') continue;
    for (const name of listOf(person, 'administers') ?? []) {
      const key = `${REPOSITORY}${name}`.toLowerCase();
      managers.set(key, [...(managers.get(key) ?? []), person]);
    }
  }
  return managers;
}

interface Managed {
  readonly edges: readonly Edge[];
  readonly attributes: ReadonlyMap<string, Readonly<Record<string, Attribute>>>;
}

function managedBy(
  managers: ReadonlyMap<string, readonly Identity[]>,
  pending: readonly PendingEdge[],
  byId: ReadonlyMap<string, Identity>,
): Managed {
  const edges: Edge[] = [];
  const attributes = new Map<string, Readonly<Record<string, Attribute>>>();
  const add = (person: Identity, target: Identity): void => {
    edges.push(edgeOf(person.id, 'can-manage', target.id, 'proven', person.evidence.slice(0, 1)));
  };
  if (managers.size === 0) return { edges, attributes };
  for (const node of byId.values()) for (const person of managers.get(node.id.toLowerCase()) ?? []) add(person, node);
  for (const { kind, from, toKey } of pending) {
    const credential = byId.get(from);
    if (!BELONGS.has(kind) || toKey.kind !== 'identity' || credential === undefined) continue;
    const people = managers.get(toKey.value.toLowerCase()) ?? [];
    if (people.length === 0 || kindOfType(credential.type) !== 'credential') continue;
    for (const person of people) add(person, credential);
    const names = people.map(describe).slice(0, MOST_CITED);
    attributes.set(credential.id, computed(SOURCE, { managedByOutsiders: names }));
  }
  return { edges, attributes };
}

/** Who owns a token can use it. */
function useEdges(pending: readonly PendingEdge[], byId: ReadonlyMap<string, Identity>): Edge[] {
  return pending.flatMap(({ kind, from, toKey, evidence }) => {
    const credential = byId.get(from);
    const person = toKey.kind === 'identity' ? byId.get(toKey.value) : undefined;
    if (kind !== 'owns' || credential === undefined || person === undefined) return [];
    if (kindOfType(credential.type) !== 'credential' || person.type === 'team') return [];
    return [edgeOf(person.id, 'can-use', credential.id, 'proven', evidence)];
  });
}

/** Who can read the places of a secret: all members where the base permission says so, and outside administrators. */
function readEdges(
  findings: readonly JoinedFinding[],
  identities: readonly Identity[],
  managers: ReadonlyMap<string, readonly Identity[]>,
): Edge[] {
  const owners = new Map<string, Identity>();
  for (const node of identities) {
    if (node.type !== 'organisation' || !READS.has(textOf(node, 'defaultRepositoryPermission') ?? '')) continue;
    owners.set(node.name.toLowerCase(), node);
  }
  if (owners.size + managers.size === 0) return [];
  return findings.flatMap(({ fingerprint, locations }) => {
    const repositories = firstPlaces(locations);
    return [...repositories].flatMap(([repository, place]) => {
      const [owner = ''] = repository.split('/');
      const readers = [owners.get(owner), ...(managers.get(`${REPOSITORY}${repository}`) ?? [])];
      const evidence = [{ collector: place.collector, source: place.path, location: place }];
      return readers.flatMap((reader) =>
        reader === undefined ? [] : [edgeOf(reader.id, 'can-read', `secret:${fingerprint}`, 'strong', evidence)],
      );
    });
  });
}

function firstPlaces(locations: readonly Location[]): ReadonlyMap<string, Location> {
  const first = new Map<string, Location>();
  for (const place of locations) {
    const name = place.repository?.toLowerCase() ?? '';
    if (name !== '' && !first.has(name)) first.set(name, place);
  }
  return first;
}
