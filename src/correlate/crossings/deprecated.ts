import type { Identity } from '../../model/identity.ts';
import { kindOfType } from '../../model/identity-kinds.ts';
import { listOf } from '../shared/attributes.ts';
import { type Crossed, type Crossing, note } from './contract.ts';

/** Edges between a repository and what belongs to it. */
const BELONGS = new Set(['holds', 'installed-on']);
const REPOSITORY = 'github:repo:';

/** Catalogue entries that call a component deprecated, by `<repository>\n<folder>` in which the entry stands. */
type Folders = ReadonlyMap<string, string>;

/** Identities and credentials of components that a catalogue calls deprecated. */
export const findDeprecated: Crossing = ({ identities, byId, edges }) => {
  const crossed: Crossed = new Map();
  const folders = indexFolders(identities);
  if (folders.size === 0) return crossed;
  for (const identity of identities) {
    const kind = kindOfType(identity.type);
    if (kind === 'support' || kind === 'consumer') continue;
    const catalogue = entryOf(identity, folders);
    if (catalogue !== undefined) note(crossed, identity.id, { deprecatedBy: [catalogue] });
  }
  for (const { kind, from, to } of edges) {
    if (!BELONGS.has(kind)) continue;
    const [repository, other] = from.startsWith(REPOSITORY) ? [from, to] : [to, from];
    const whole = folders.get(`${repository.slice(REPOSITORY.length).toLowerCase()}\n`);
    const node = byId.get(other);
    if (whole === undefined || node === undefined || !repository.startsWith(REPOSITORY)) continue;
    if (kindOfType(node.type) === 'credential') note(crossed, node.id, { deprecatedBy: [whole] });
  }
  return crossed;
};

function indexFolders(identities: readonly Identity[]): Folders {
  const folders = new Map<string, string>();
  for (const node of identities) {
    if (node.type !== 'codeowners') continue;
    const repository = node.id.slice('codeowners:'.length).toLowerCase();
    for (const place of listOf(node, 'deprecatedEntries') ?? []) {
      const path = place.replace(/:\d+$/, '');
      const folder = path.slice(0, path.lastIndexOf('/') + 1);
      folders.set(`${repository}\n${folder}`, `${place} of ${repository}`);
    }
  }
  return folders;
}

/** The entry in the folder of a declaration or the nearest one above it. Each place must be in such a component. */
function entryOf({ evidence }: Identity, folders: Folders): string | undefined {
  let first: string | undefined;
  for (const { location } of evidence) {
    if (location === undefined) continue;
    const entry = nearest(location.repository?.toLowerCase() ?? '', location.path, folders);
    if (entry === undefined) return undefined;
    first ??= entry;
  }
  return first;
}

function nearest(repository: string, path: string, folders: Folders): string | undefined {
  for (let end = path.lastIndexOf('/') + 1; ; end = path.lastIndexOf('/', end - 2) + 1) {
    const entry = folders.get(`${repository}\n${path.slice(0, end)}`);
    if (entry !== undefined || end === 0) return entry;
  }
}
