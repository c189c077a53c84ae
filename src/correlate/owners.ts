import type { Owner } from '../model/finding.ts';
import type { Edge, Identity } from '../model/identity.ts';
import type { Json } from '../model/json.ts';
import { compareText, type Location } from '../model/location.ts';
import { compileOwnerPattern, type OwnerPattern, ownsPath } from './codeowners-pattern.ts';
import { attributeValue, textOf, timeOf } from './shared/attributes.ts';

/** Owners named per source: more names tell nobody what to do. */
const MOST_OWNERS = 5;
/** Paths looked up in one run: bounds a hostile file of thousands of patterns against a repository of many places. */
const MOST_PATHS = 20_000;
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
  /** Position in the file: the last rule that fits decides. */
  readonly order: number;
  readonly pattern: OwnerPattern;
  readonly owners: readonly string[];
  readonly how: string;
}

/** Rules by the first name of the path that they are anchored to, and those that may fit anywhere. */
interface RuleSet {
  readonly anywhere: readonly OwnerRule[];
  readonly byFolder: ReadonlyMap<string, readonly OwnerRule[]>;
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
  const ofPath = cacheByPath((repository, path) => ownersOfPath(rules.get(repository), path, people));
  return {
    declares: (repository) => rules.has(repositoryKey(repository)),
    ofIdentity(id) {
      const identity = byId.get(id);
      const linked = ownersOfIdentity(identity, incoming.get(id) ?? [], byId, people);
      const places = (identity?.evidence ?? [])
        .map((evidence) => evidence.location)
        .filter((place) => place !== undefined);
      const declared = places.flatMap((place) => ofPath(repositoryKey(place.repository), place.path));
      return uniqueOwners([...linked, ...declared]);
    },
    ofLocations(locations) {
      const files = rules.size === 0 ? [] : filesOf(locations);
      const declared = files.flatMap((place) => ofPath(repositoryKey(place.repository), place.path));
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

/** Places in the same file stand together: one of them is enough. */
function filesOf(locations: readonly Location[]): readonly Location[] {
  return locations.filter(({ path, repository }, index) => {
    const last = locations[index - 1];
    return last === undefined || last.path !== path || last.repository !== repository;
  });
}

function repositoryKey(repository: string | undefined): string {
  return repository?.toLowerCase() ?? '';
}

function cacheByPath(find: (repository: string, path: string) => readonly Owner[]) {
  const cache = new Map<string, readonly Owner[]>();
  return (repository: string, path: string): readonly Owner[] => {
    const key = `${repository}\n${path}`;
    const cached = cache.get(key);
    if (cached !== undefined || cache.size >= MOST_PATHS) return cached ?? [];
    const owners = find(repository, path);
    cache.set(key, owners);
    return owners;
  };
}

/** The last rule that fits decides; a rule without owners takes ownership away. */
function ownersOfPath(rules: RuleSet | undefined, path: string, people: People): readonly Owner[] {
  if (rules === undefined) return [];
  const owns = (rule: OwnerRule): boolean => ownsPath(rule.pattern, path);
  const wide = rules.anywhere.findLast(owns);
  const inFolder = rules.byFolder.get(path.slice(0, Math.max(0, path.indexOf('/'))) || path)?.findLast(owns);
  const rule = (wide?.order ?? -1) > (inFolder?.order ?? -1) ? wide : inFolder;
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
  const first = new Map<string, number>();
  for (const { author = '', date } of locations) {
    if (author === '') continue;
    const time = timeOf(date) ?? Number.POSITIVE_INFINITY;
    if (time < (first.get(author) ?? Number.POSITIVE_INFINITY) || !first.has(author)) first.set(author, time);
  }
  const sorted = [...first].sort((a, b) => compareNumbers(a[1], b[1]) || compareText(a[0], b[0]));
  return uniqueOwners(sorted.map(([name]) => authorOf(name, people)));
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
    const state = personState(node);
    const login = node.id.slice(node.id.lastIndexOf(':') + 1);
    for (const name of new Set([nameKey(login), nameKey(node.name)])) {
      if (state === undefined) continue;
      states.set(name, states.has(name) && states.get(name) !== state ? 'unknown' : state);
    }
  }
  return { states, teams };
}

function indexRules(identities: readonly Identity[]): ReadonlyMap<string, RuleSet> {
  const rules = new Map<string, RuleSet>();
  for (const node of identities) {
    if (node.type !== 'codeowners') continue;
    const list = attributeValue(node, 'rules');
    const read = Array.isArray(list) ? list.flatMap(readRule) : [];
    if (read.length > 0) rules.set(node.id.slice('codeowners:'.length).toLowerCase(), splitByFolder(read));
  }
  return rules;
}

function splitByFolder(rules: readonly OwnerRule[]): RuleSet {
  const anywhere: OwnerRule[] = [];
  const byFolder = new Map<string, OwnerRule[]>();
  for (const rule of rules) {
    const first = rule.pattern.segments[0] ?? '';
    const list = /[*?]/.test(first) ? anywhere : (byFolder.get(first) ?? []);
    list.push(rule);
    if (list !== anywhere) byFolder.set(first, list);
  }
  return { anywhere, byFolder };
}

function readRule(rule: Json, order: number): readonly OwnerRule[] {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) return [];
  const fields = rule as { readonly [key: string]: Json };
  const owners = fields['owners'];
  if (typeof fields['pattern'] !== 'string' || !Array.isArray(owners)) return [];
  const names = owners.filter((name: Json): name is string => typeof name === 'string');
  const how = String(fields['source'] ?? '').endsWith('.yaml') ? 'catalog-info' : 'CODEOWNERS';
  return [{ order, pattern: compileOwnerPattern(fields['pattern']), owners: names, how }];
}

function indexOwning(edges: readonly Edge[]): ReadonlyMap<string, readonly Edge[]> {
  const incoming = new Map<string, Edge[]>();
  for (const edge of edges) {
    if (edge.kind !== 'owns' && edge.kind !== 'created') continue;
    incoming.set(edge.to, [...(incoming.get(edge.to) ?? []), edge]);
  }
  return incoming;
}
