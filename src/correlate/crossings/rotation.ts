import type { Identity } from '../../model/identity.ts';
import { kindOfType } from '../../model/identity-kinds.ts';
import { compareText } from '../../model/location.ts';
import { textOf, timeOf } from '../shared/attributes.ts';
import { citeIdentity, MOST_CITED } from '../shared/cite.ts';
import { type Crossed, type Crossing, type CrossingInput, note } from './contract.ts';

const ENDED = new Set(['disabled', 'suspended', 'revoked', 'expired']);

/**
 * Two credentials of one kind at one identity: right for the days of a rotation. How long both exist is the age of the
 * younger one.
 */
export const findRotations: Crossing = (input) => {
  const crossed: Crossed = new Map();
  for (const [principal, credentials] of byPrincipal(input)) {
    const alike = largestKind(credentials.filter((credential) => isLive(credential, input.now)));
    if (alike.length < 2) continue;
    const dates = alike.flatMap((credential) => textOf(credential, 'createdAt') ?? []);
    const known = dates.filter((date) => timeOf(date) !== undefined).sort(compareText);
    // Where a date is missing, that credential may be the new one.
    const since = known.length === alike.length ? known.at(-1) : undefined;
    const text = alike.map((credential) => `${credential.name} (${citeIdentity(credential)})`);
    note(crossed, principal, {
      parallelCredentials: text.slice(0, MOST_CITED),
      ...(since === undefined ? {} : { parallelSince: since }),
    });
  }
  return crossed;
};

function byPrincipal({ edges, byId }: CrossingInput): ReadonlyMap<string, readonly Identity[]> {
  const held = new Map<string, Identity[]>();
  for (const edge of edges) {
    const credential = byId.get(edge.to);
    if (edge.kind !== 'has-credential' || edge.confidence === 'inferred' || credential === undefined) continue;
    const list = held.get(edge.from);
    if (list === undefined) held.set(edge.from, [credential]);
    else list.push(credential);
  }
  return held;
}

function isLive(credential: Identity, now: Date): boolean {
  if (kindOfType(credential.type) !== 'credential') return false;
  const end = timeOf(textOf(credential, 'expiresAt'));
  return !ENDED.has(textOf(credential, 'status') ?? '') && (end === undefined || end > now.getTime());
}

function largestKind(credentials: readonly Identity[]): readonly Identity[] {
  const kinds = new Map<string, Identity[]>();
  for (const credential of credentials) {
    kinds.set(credential.type, [...(kinds.get(credential.type) ?? []), credential]);
  }
  return [...kinds.values()].sort((a, b) => b.length - a.length)[0] ?? [];
}
