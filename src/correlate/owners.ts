import type { Owner } from '../model/finding.ts';
import type { Edge, Identity } from '../model/identity.ts';
import type { Json } from '../model/json.ts';
import { compareText, type Location } from '../model/location.ts';
import { compileOwnerPattern, type OwnerPattern, ownsPath } from './codeowners-pattern.ts';
import { attributeValue, textOf, timeOf } from './shared/attributes.ts';

/** Owners kept: more names tell nobody what to do. Where a list is full nobody says that all owners are gone. */
export const MOST_OWNERS = 50;
/** Comparisons of a path with a pattern in one run: bounds thousands of patterns against many places. */
const MOST_CHECKS = 50_000_000;
const GONE = new Set(['gone', 'disabled', 'suspended', 'revoked']);

/** Finds who answers for a place or an identity. */
export interface OwnerFinder {
  ofLocations(locations: readonly Location[]): readonly Owner[];
  /** Who owns or made an identity, then the code owners of the files that declare it. */
  ofIdentity(id: string): readonly Owner[];
  /**
   * True when somebody declared owners for the repository, and the place was looked up: only then does "no owner" mean
   * something.
   */
  declares(place: Location): boolean;
  /** Paths that were not looked up because there are too many patterns and paths. */
  unasked(): number;
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

const NOBODY: readonly Owner[] = [];

/** Reads `codeowners`, `person` and `team` nodes and the edges `owns` and `created`. */
export function createOwnerFinder(
  identities: readonly Identity[],
  edges: readonly Edge[],
  mostChecks: number = MOST_CHECKS,
): OwnerFinder {
  const byId = new Map<string, Identity>(identities.map((identity) => [identity.id, identity]));
  const people = indexPeople(identities);
  const rules = indexRules(identities);
  const incoming = indexOwning(edges);
  const paths = new PathOwners(rules, people, mostChecks);
  const ofPath = (repository: string, path: string): readonly Owner[] => paths.find(repository, path) ?? [];
  return {
    declares: ({ repository, path }) =>
      rules.has(repositoryKey(repository)) && paths.find(repositoryKey(repository), path) !== undefined,
    unasked: () => paths.unasked.size,
    ofIdentity(id) {
      const identity = byId.get(id);
      const linked = ownersOfIdentity(identity, incoming.get(id) ?? [], byId, people);
      const evidence = identity?.evidence ?? [];
      const declaring = evidence.filter(({ detail }) => detail === undefined);
      const places = (declaring.length > 0 ? declaring : evidence)
        .map(({ location }) => location)
        .filter((place) => place !== undefined);
      const declared = places.flatMap((place) => ofPath(repositoryKey(place.repository), place.path));
      return linked.length + declared.length === 0 ? NOBODY : uniqueOwners([...linked, ...declared]);
    },
    ofLocations(locations) {
      const files = rules.size === 0 ? [] : filesOf(locations);
      const declared = files.flatMap((place) => ofPath(repositoryKey(place.repository), place.path));
      return [...uniqueOwners(declared), ...authorsOf(locations, people)];
    },
  };
}

/** Owners without repetition, in the given order, at most `MOST_OWNERS`. */
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

/** Owners by path, each looked up once. */
class PathOwners {
  readonly unasked = new Set<string>();
  readonly #rules: ReadonlyMap<string, RuleSet>;
  readonly #people: People;
  readonly #cache = new Map<string, readonly Owner[]>();
  #checks: number;

  constructor(rules: ReadonlyMap<string, RuleSet>, people: People, checks: number) {
    this.#rules = rules;
    this.#people = people;
    this.#checks = checks;
  }

  /** Undefined where the path is beyond the limit. */
  find(repository: string, path: string): readonly Owner[] | undefined {
    const key = `${repository}\n${path}`;
    const cached = this.#cache.get(key);
    if (cached !== undefined) return cached;
    const rules = this.#rules.get(repository);
    if (rules === undefined) return [];
    this.#checks -= rules.anywhere.length + inFolderOf(rules, path).length;
    if (this.#checks < 0) {
      this.unasked.add(key);
      return undefined;
    }
    const owners = ownersOfPath(rules, path, this.#people);
    this.#cache.set(key, owners);
    return owners;
  }
}

/** Rules that are anchored to the first folder of the path. */
function inFolderOf({ byFolder }: RuleSet, path: string): readonly OwnerRule[] {
  return byFolder.get(path.slice(0, Math.max(0, path.indexOf('/'))) || path) ?? [];
}

/** The last rule that fits decides; a rule without owners takes ownership away. */
function ownersOfPath(rules: RuleSet, path: string, people: People): readonly Owner[] {
  const owns = (rule: OwnerRule): boolean => ownsPath(rule.pattern, path);
  const wide = rules.anywhere.findLast(owns);
  const inFolder = inFolderOf(rules, path).findLast(owns);
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
