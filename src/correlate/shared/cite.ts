import type { Edge, Identity } from '../../model/identity.ts';
import { compareLocations, compareText, type Location } from '../../model/location.ts';

/** Places cited of one fact: a message shows five. */
export const MOST_CITED = 10;

/** A place as a person looks it up: `infra/main.tf:12 of acme/shop`. */
export function citePlace({ path, part, startLine, repository }: Location): string {
  const where = path === '' ? (part ?? 'a message') : `${path}:${startLine}`;
  return repository === undefined || repository === '' ? where : `${where} of ${repository}`;
}

/** Where an identity stands: its first place in a file, else the list that names it. */
export function citeIdentity(identity: Identity): string {
  const places = identity.evidence.flatMap(({ location }) => (location === undefined ? [] : [location]));
  const [first] = [...places].sort(comparePlaces);
  return first === undefined ? (identity.evidence[0]?.source ?? 'unknown place') : citePlace(first);
}

/** What says so: the first place of an edge. */
export function citeEdge({ evidence }: Edge): string | undefined {
  const place = evidence.find(({ location }) => location !== undefined)?.location;
  return place === undefined ? evidence[0]?.source : citePlace(place);
}

/** `IAM user deploy-bot (infra/main.tf:1 of acme/shop)`. */
export function describe(identity: Identity): string {
  return `${identity.type.replaceAll('_', ' ')} ${identity.name} (${citeIdentity(identity)})`;
}

/** Places that can be looked up, each once, the checked-out ones first. */
export function citePlaces(places: readonly Location[]): string[] {
  const cited = [...places].sort(comparePlaces).map(citePlace);
  return [...new Set(cited)].slice(0, MOST_CITED);
}

function comparePlaces(a: Location, b: Location): number {
  return (
    Number(a.commit !== undefined) - Number(b.commit !== undefined) ||
    compareText(a.repository ?? '', b.repository ?? '') ||
    compareLocations(a, b)
  );
}
