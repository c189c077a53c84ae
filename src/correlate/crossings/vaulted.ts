import type { Evidence, Identity } from '../../model/identity.ts';
import type { Location } from '../../model/location.ts';
import { textOf } from '../shared/attributes.ts';
import { citePlaces, describe } from '../shared/cite.ts';
import { type Crossed, type Crossing, note, type OpenedSecret } from './contract.ts';

/** Where a secret is kept out of the open. What such a declaration holds as a value is in the vault, too. */
const VAULTS = new Set([
  'actions_secret',
  'aws_secret',
  'azure_vault_secret',
  'gcp_secret',
  'vault_secret',
  'container_secret',
]);

interface Kept {
  readonly vault: Identity;
  readonly place: Location;
}

/** One value that is both in a vault and in plain text: the vault protects nothing. */
export const findVaulted: Crossing = ({ identities, opened }) => {
  const crossed: Crossed = new Map();
  const kept = indexVaults(identities);
  if (kept.size === 0) return crossed;
  for (const secret of opened) {
    const [credential] = secret.nodes;
    const places = credential === undefined ? undefined : splitPlaces(secret, kept);
    if (credential === undefined || places === undefined || places.open.length === 0) continue;
    note(crossed, credential.id, { vaultedIn: describe(places.vault), openIn: citePlaces(places.open) });
  }
  return crossed;
};

function indexVaults(identities: readonly Identity[]): ReadonlyMap<string, readonly Kept[]> {
  const files = new Map<string, Kept[]>();
  for (const vault of identities) {
    if (!isVault(vault)) continue;
    for (const place of vault.evidence.flatMap(placeOf)) {
      files.set(fileKey(place), [...(files.get(fileKey(place)) ?? []), { vault, place }]);
    }
  }
  return files;
}

function isVault(identity: Identity): boolean {
  if (VAULTS.has(identity.type)) return true;
  return identity.type === 'k8s_secret' && textOf(identity, 'storage') === 'encrypted_file';
}

function placeOf({ location }: Evidence): readonly Location[] {
  return location === undefined ? [] : [location];
}

function fileKey({ repository = '', path }: Location): string {
  return `${repository.toLowerCase()}\n${path}`;
}

/** The vault whose declaration holds the value, and the places outside of every such declaration. */
function splitPlaces(
  { group }: OpenedSecret,
  kept: ReadonlyMap<string, readonly Kept[]>,
): { readonly vault: Identity; readonly open: readonly Location[] } | undefined {
  const open: Location[] = [];
  let vault: Identity | undefined;
  for (const place of group.locations) {
    const around = (kept.get(fileKey(place)) ?? []).find(
      (entry) => entry.place.startLine <= place.startLine && place.endLine <= entry.place.endLine,
    );
    if (around === undefined) open.push(place);
    else vault ??= around.vault;
  }
  return vault === undefined ? undefined : { vault, open };
}
