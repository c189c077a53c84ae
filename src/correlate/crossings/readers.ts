import { attributeValue } from '../shared/attributes.ts';
import { describe, MOST_CITED } from '../shared/cite.ts';
import { type Crossed, type Crossing, type CrossingInput, note } from './contract.ts';

/** How many people can read a secret, and how many people and machines have a use for it. */
export const findReaders: Crossing = (input) => {
  const crossed: Crossed = new Map();
  const known = indexEdges(input);
  for (const { group, nodes } of input.opened) {
    const [credential] = nodes;
    const secret = `secret:${group.fingerprint}`;
    const readers = known.readers.get(secret);
    if (credential === undefined || readers === undefined) continue;
    const counts = readers.map((id) => known.members.get(id)?.size ?? 1);
    const readerCount = counts.reduce((sum, count) => sum + count, 0);
    const users = new Set([secret, ...nodes.map(({ id }) => id)].flatMap((id) => known.users.get(id) ?? []));
    const texts = readers.flatMap((id, index) => {
      const reader = input.byId.get(id);
      if (reader === undefined) return [];
      const base = String(attributeValue(reader, 'defaultRepositoryPermission'));
      const members = `${counts[index]} members of ${reader.name} (base permission ${base})`;
      return [reader.type === 'organisation' ? members : describe(reader)];
    });
    note(crossed, credential.id, {
      readers: texts.slice(0, MOST_CITED),
      userCount: users.size,
      readersBeyondUse: readerCount - users.size,
    });
  }
  return crossed;
};

interface Known {
  /** Who can read a secret, by its node. */
  readonly readers: ReadonlyMap<string, readonly string[]>;
  /** People and machines that use a credential or hold a secret. */
  readonly users: ReadonlyMap<string, readonly string[]>;
  /** Members by organisation. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
}

function indexEdges({ edges, byId }: CrossingInput): Known {
  const readers = new Map<string, string[]>();
  const users = new Map<string, string[]>();
  const members = new Map<string, Set<string>>();
  for (const { from, kind, to } of edges) {
    if (kind === 'can-read') append(readers, to, from);
    if (kind === 'can-use' || kind === 'uses') append(users, to, from);
    if (kind === 'holds' && byId.get(from)?.type !== 'repository') append(users, to, from);
    if (kind === 'member-of') members.set(to, (members.get(to) ?? new Set<string>()).add(from));
  }
  return { readers, users, members };
}

function append(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
