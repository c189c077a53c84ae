import type { Identity } from '../../model/identity.ts';
import { kindOfType } from '../../model/identity-kinds.ts';
import type { Location } from '../../model/location.ts';
import { attributeValue, bornAt, textOf, timeOf } from '../shared/attributes.ts';
import { citeIdentity, citePlace, describe, MOST_CITED } from '../shared/cite.ts';
import { type Crossed, type Crossing, type CrossingInput, note, type OpenedSecret } from './contract.ts';

const GONE = new Set(['gone', 'disabled', 'suspended', 'revoked']);
/** Credentials that let somebody act as a person by their form. */
const PERSONAL = new Set(['gcp_application_credential', 'oauth_refresh_token', 'session_cookie', 'user_token']);

/** Who knows a credential beside those who need it: people who left, and machines that hold the one of a person. */
export const findKnowledge: Crossing = (input) => {
  const crossed: Crossed = new Map();
  const people = indexPeople(input.identities);
  const holders = indexHolders(input);
  const owners = indexOwners(input);
  for (const secret of input.opened) {
    const [credential] = secret.nodes;
    if (credential === undefined) continue;
    const leavers = leaversOf(secret, credential, people);
    if (leavers.length > 0) note(crossed, credential.id, { knownByLeavers: leavers });
    const person = personOf(secret.nodes, owners);
    const machines = holders.get(secret.group.fingerprint) ?? [];
    if (person === undefined || machines.length === 0) continue;
    note(crossed, credential.id, { personalOf: person, heldByMachines: machines.map(describe).slice(0, MOST_CITED) });
  }
  return crossed;
};

/** Logins, tags and git authors write one name in many ways. */
function nameKey(name: string): string {
  return name.toLowerCase().replace(/[\s._-]+/g, '');
}

/** People of whom a source says whether they are still there, by each of their names. */
function indexPeople(identities: readonly Identity[]): ReadonlyMap<string, Identity> {
  const people = new Map<string, Identity>();
  for (const node of identities) {
    if (node.type !== 'person' || textOf(node, 'status') === undefined) continue;
    for (const name of [node.id.slice(node.id.lastIndexOf(':') + 1), node.name]) people.set(nameKey(name), node);
  }
  return people;
}

/** Authors of the places who have left, where the credential is not known to be younger than the place. */
function leaversOf({ group }: OpenedSecret, credential: Identity, people: ReadonlyMap<string, Identity>): string[] {
  const born = bornAt(credential);
  const known = new Map<string, string>();
  for (const place of group.locations) {
    const person = people.get(nameKey(place.author ?? ''));
    if (person === undefined || !GONE.has(textOf(person, 'status') ?? '')) continue;
    const written = timeOf(place.date);
    if (born !== undefined && written !== undefined && born > written) continue;
    if (!known.has(person.name)) known.set(person.name, leaverText(person, place));
  }
  return [...known.values()].slice(0, MOST_CITED);
}

function leaverText(person: Identity, place: Location): string {
  const day = place.date === undefined ? '' : ` on ${place.date.slice(0, 10)}`;
  return `${person.name}, who wrote ${citePlace(place)}${day} and is gone (${citeIdentity(person)})`;
}

/** Consumers that hold a secret, by its fingerprint. Where a job holds it, its workflow says nothing more. */
function indexHolders({ edges, byId }: CrossingInput): ReadonlyMap<string, readonly Identity[]> {
  const holders = new Map<string, Identity[]>();
  for (const { kind, from, to } of edges) {
    const node = byId.get(from);
    if (kind !== 'holds' || node === undefined || !to.startsWith('secret:')) continue;
    if (kindOfType(node.type) !== 'consumer' && node.type !== 'k8s_secret') continue;
    const fingerprint = to.slice('secret:'.length);
    holders.set(fingerprint, [...(holders.get(fingerprint) ?? []), node]);
  }
  return holders;
}

/** People who own a credential, by its id. */
function indexOwners({ edges, byId }: CrossingInput): ReadonlyMap<string, Identity> {
  const owners = new Map<string, Identity>();
  for (const { kind, from, to } of edges) {
    const node = byId.get(from);
    if (kind === 'owns' && node?.type === 'person') owners.set(to, node);
  }
  return owners;
}

/** The person as whom the credential acts: its owner in a list, or what its form says. */
function personOf(nodes: readonly Identity[], owners: ReadonlyMap<string, Identity>): string | undefined {
  const owner = nodes.map(({ id }) => owners.get(id)).find((person) => person !== undefined);
  if (owner !== undefined) return `${owner.name} (${citeIdentity(owner)})`;
  const personal = nodes.some((node) => PERSONAL.has(node.type) || attributeValue(node, 'humanUse') === true);
  return personal ? 'a person' : undefined;
}
