import { compareText, type Location } from '../../model/location.ts';
import type { SecretGroup } from '../groups.ts';
import { environmentOf } from '../places.ts';
import { citePlace, citePlaces, MOST_CITED } from '../shared/cite.ts';
import { type Crossed, type Crossing, note } from './contract.ts';

/** One value in several environments or repositories: whoever reads the least guarded place has all of them. */
export const findReuse: Crossing = ({ opened }) => {
  const crossed: Crossed = new Map();
  for (const { group, nodes } of opened) {
    const [credential] = nodes;
    if (credential === undefined || group.locations.length < 2) continue;
    const environments = placesByEnvironment(group);
    if (environments.length > 1) note(crossed, credential.id, { environmentPlaces: environments });
    const repositories = group.repositories;
    note(crossed, credential.id, { repositoryCount: repositories.length });
    if (repositories.length > 1) note(crossed, credential.id, { repositoryPlaces: placesByRepository(group) });
  }
  return crossed;
};

/** One place of each environment, as `production: config/prod.env:3 of acme/shop`. */
function placesByEnvironment({ locations, environments }: SecretGroup): string[] {
  return environments.flatMap((environment) => {
    const [first] = citePlaces(locations.filter(({ path }) => environmentOf(path) === environment));
    return first === undefined ? [] : [`${environment}: ${first}`];
  });
}

/** The first place in each repository. */
function placesByRepository({ locations }: SecretGroup): string[] {
  const first = new Map<string, Location>();
  for (const place of locations) {
    const name = place.repository?.toLowerCase() ?? '';
    if (!first.has(name)) first.set(name, place);
  }
  const sorted = [...first].sort((a, b) => compareText(a[0], b[0]));
  return sorted.map(([, place]) => citePlace(place)).slice(0, MOST_CITED);
}
