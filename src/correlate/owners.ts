import type { Owner } from '../model/finding.ts';
import type { Edge, Identity } from '../model/identity.ts';
import type { Json } from '../model/json.ts';
import { compareText, type Location } from '../model/location.ts';
import { compileOwnerPattern, type OwnerPattern, ownsPath } from './codeowners-pattern.ts';
import { attributeValue, textOf, timeOf } from './shared/attributes.ts';

/** Owners named per source: more names tell nobody what to do. */
const MOST_OWNERS = 5;
const GONE = new Set(['gone', 'disabled', 'suspended', 'revoked']);

/** Finds who answers for a place or an identity. */
export interface OwnerFinder {
  ofLocations(locations: readonly Location[]): readonly Owner[];
  /** Who owns or made an identity, then the code owners of the files that declare it. */
  ofIdentity(id: string): readonly Owner[];
  /** True when somebody declared owners for the repository: only then does "no owner" mean something. */
  declares(repository: string | undefined): boolean;
}

interface OwnerRule {
  readonly pattern: OwnerPattern;
  readonly owners: readonly string[];
  readonly how: string;
}

interface People {
  readonly states: ReadonlyMap<string, Owner['state']>;
  readonly teams: ReadonlySet<string>;
}

/** Reads `codeowners`, `person` and `team` nodes and the edges `owns` and `created`. */
export function createOwnerFinder(identities: readonly Identity[], edges: readonly Edge[]): OwnerFinder {
  const byId = new Map<string, Identity>(identities.map((identity) => [identity.id, identity]));
  const people = indexPeople(identities);
  const rules = indexRules(identities);
  const incoming = indexOwning(edges);
  const ofPath = cacheByPath((repository, path) => ownersOfPath(rules.get(repository) ?? [], path, people));
  return {
    declares: (repository) => (rules.get(repositoryKey(repository)) ?? []).length > 0,
    ofIdentity(id) {
      const identity = byId.get(id);
      const linked = ownersOfIdentity(identity, incoming.get(id) ?? [], byId, people);
      const places = (identity?.evidence ?? []).map((one) => one.location).filter((place) => place !== undefined);
      const declared = places.flatMap((place) => ofPath(repositoryKey(place.repository), place.path));
      return uniqueOwners([...linked, ...declared]);
    },
    ofLocations(locations) {
      const declared = locations.flatMap((place) => ofPath(repositoryKey(place.repository), place.path));
      return [...uniqueOwners(declared), ...authorsOf(locations, people)];
    },
  };
}

/** Owners without repetition, in the given order, at most five. */
export function uniqueOwners(owners: readonly Owner[]): readonly Owner[] {
  const byName = new Map<string, Owner>();
  for (const owner of owners) {
    const key = `${owner.kind}\n${owner.name.toLowerCase()}`;
    if (!byName.has(key)) byName.set(key, owner);
  }
  return [...byName.values()].slice(0, MOST_OWNERS);
}

function repositoryKey(repository: string | undefined): string {
  return repository?.toLowerCase() ?? '';
}

function cacheByPath(find: (repository: string, path: string) => readonly Owner[]) {
  const cache = new Map<string, readonly Owner[]>();
  return (repository: string, path: string): readonly Owner[] => {
    const key = `${repository}\n${path}`;
    const known = cache.get(key) ?? find(repository, path);
    cache.set(key, known);
    return known;
  };
}

/** The last rule that fits decides; a rule without owners takes ownership away. */
function ownersOfPath(rules: readonly OwnerRule[], path: string, people: People): readonly Owner[] {
  const rule = rules.findLast((one) => ownsPath(one.pattern, path));
  if (rule === undefined) return [];
  return uniqueOwners(rule.owners.map((name) => ownerOf(name, rule.how, people)));
}

/** `@org/team`, `@login`; a catalogue's `group:name` and `user:name`. */
function ownerOf(text: string, how: string, people: People): Owner {
  const name = text.replace(/^(?:@|group:|user:)/, '');
  const team = text.startsWith('group:') || (text.startsWith('@') && name.includes('/'));
  if (!team) return { name, kind: 'person', how, state: stateOf(name, people) };
  const slug = name.slice(name.lastIndexOf('/') + 1).toLowerCase();
  return { name, kind: 'team', how, state: people.teams.has(slug) ? 'active' : 'unknown' };
}

function stateOf(name: string, people: People): Owner['state'] {
  return people.states.get(nameKey(name)) ?? 'unknown';
}

/** Logins, tags and git authors write one name in many ways: `jordan-lee`, `jordan.lee`, `Jordan Lee`. */
function nameKey(name: string): string {
  return name.toLowerCase().replace(/[\s._-]+/g, '');
}

function authorsOf(locations: readonly Location[], people: People): readonly Owner[] {
  const dated = locations.filter((place) => place.author !== undefined && place.author !== '');
  const order = (place: Location): number => timeOf(place.date) ?? Number.POSITIVE_INFINITY;
  const sorted = [...dated].sort(
    (a, b) => compareNumbers(order(a), order(b)) || compareText(a.author ?? '', b.author ?? ''),
  );
  const owners = sorted.map((place) => place.author ?? '').map((name) => authorOf(name, people));
  return uniqueOwners(owners);
}

function authorOf(name: string, people: People): Owner {
  return { name, kind: 'person', how: 'git author', state: stateOf(name, people) };
}

function compareNumbers(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function ownersOfIdentity(
  identity: Identity | undefined,
  edges: readonly Edge[],
  byId: ReadonlyMap<string, Identity>,
  people: People,
): readonly Owner[] {
  const linked = edges.flatMap((edge) => {
    const from = byId.get(edge.from);
    return from === undefined ? [] : [ownerOfNode(from, edge.kind === 'owns' ? 'owner' : 'creator', people)];
  });
  const named = [
    ['createdBy', 'creator'],
    ['addedBy', 'added it'],
  ].flatMap(([attribute, how]): Owner[] => {
    const login = textOf(identity, attribute ?? '');
    return login === undefined ? [] : [{ name: login, kind: 'person', how: how ?? '', state: stateOf(login, people) }];
  });
  return uniqueOwners([...linked, ...named]);
}

function ownerOfNode(node: Identity, how: string, people: People): Owner {
  if (node.type === 'team') return { name: node.name, kind: 'team', how, state: 'active' };
  return { name: node.name, kind: 'person', how, state: personState(node) ?? stateOf(node.name, people) };
}

function personState(node: Identity): Owner['state'] | undefined {
  const status = textOf(node, 'status');
  if (status === undefined) return undefined;
  return GONE.has(status) ? 'gone' : 'active';
}

/** Names of people with what is known of them. A source that knows nothing contradicts nobody; two that differ do. */
function indexPeople(identities: readonly Identity[]): People {
  const states = new Map<string, Owner['state']>();
  const teams = new Set<string>();
  for (const node of identities) {
    if (node.type === 'team') teams.add(node.id.slice(node.id.lastIndexOf(':') + 1).toLowerCase());
    if (node.type !== 'person') continue;
    const state = personState(node) ?? 'unknown';
    const login = node.id.slice(node.id.lastIndexOf(':') + 1);
    for (const name of new Set([nameKey(login), nameKey(node.name)])) {
      const known = states.get(name) ?? 'unknown';
      const agreed = known === 'unknown' || state === 'unknown' || known === state;
      states.set(name, !agreed ? 'unknown' : known === 'unknown' ? state : known);
    }
  }
  return { states, teams };
}

function indexRules(identities: readonly Identity[]): ReadonlyMap<string, readonly OwnerRule[]> {
  const rules = new Map<string, readonly OwnerRule[]>();
  for (const node of identities) {
    if (node.type !== 'codeowners') continue;
    const list = attributeValue(node, 'rules');
    if (!Array.isArray(list)) continue;
    rules.set(node.id.slice('codeowners:'.length).toLowerCase(), list.flatMap(readRule));
  }
  return rules;
}

function readRule(rule: Json): readonly OwnerRule[] {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) return [];
  const fields = rule as { readonly [key: string]: Json };
  const owners = fields['owners'];
  if (typeof fields['pattern'] !== 'string' || !Array.isArray(owners)) return [];
  const names = owners.filter((one: Json): one is string => typeof one === 'string');
  const how = String(fields['source'] ?? '').endsWith('.yaml') ? 'catalog-info' : 'CODEOWNERS';
  return [{ pattern: compileOwnerPattern(fields['pattern']), owners: names, how }];
}

function indexOwning(edges: readonly Edge[]): ReadonlyMap<string, readonly Edge[]> {
  const incoming = new Map<string, Edge[]>();
  for (const edge of edges) {
    if (edge.kind !== 'owns' && edge.kind !== 'created') continue;
    incoming.set(edge.to, [...(incoming.get(edge.to) ?? []), edge]);
  }
  return incoming;
}
