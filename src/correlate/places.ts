import { defined } from '../lib/fields/defined.ts';
import type { Exposure } from '../model/artifact.ts';
import { compareLocations, compareText, type Location } from '../model/location.ts';
import type { KeyIndex } from './key-index.ts';
import { textOf, timeOf } from './shared/attributes.ts';

/** From narrow to wide, in the order of the weights of the exposure factor. */
const WIDTH: readonly Exposure[] = ['local', 'unknown', 'private', 'organisation', 'public'];

const ENVIRONMENT_WORDS: Readonly<Record<string, string>> = {
  prod: 'production',
  production: 'production',
  live: 'production',
  stage: 'staging',
  staging: 'staging',
  preprod: 'staging',
  uat: 'staging',
  test: 'test',
  tests: 'test',
  testing: 'test',
  qa: 'test',
  e2e: 'test',
  dev: 'development',
  develop: 'development',
  development: 'development',
};

const UTC_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** What the places of a secret tell together. */
export interface Places {
  /** Sorted, each place once. */
  readonly locations: readonly Location[];
  readonly exposure: Exposure;
  /** Distinct repositories, clones counted once, plus distinct environments beyond the first. */
  readonly places: number;
  /** Names of repositories in lower case, a clone by its origin; sorted. Empty text: none is known. */
  readonly repositories: readonly string[];
  /** Environments that paths name, sorted. */
  readonly environments: readonly string[];
  /** ISO date of the earliest place that has one. */
  readonly exposedAt?: string;
}

/** Summarises the places of one secret. */
export function summarisePlaces(locations: readonly Location[], index: KeyIndex): Places {
  const unique = uniqueLocations(locations);
  const repositories = new Set(unique.map((place) => standFor(place.repository?.toLowerCase() ?? '', index)));
  const environments = environmentsOf(unique);
  const exposedAt = earliest(unique.map((place) => place.date));
  return {
    locations: unique,
    exposure: widest(unique.map((place) => exposureOf(place, index))),
    places: Math.max(1, repositories.size) + Math.max(0, environments.length - 1),
    repositories: [...repositories].sort(compareText),
    environments,
    ...defined({ exposedAt }),
  };
}

/** A clone holds what its origin holds: that is no second place. */
function standFor(repository: string, { clones }: KeyIndex): string {
  return clones.get(repository) ?? repository;
}

/** The earliest date, or undefined when there is none. */
export function earliest(dates: readonly (string | undefined)[]): string | undefined {
  let first: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const date of dates) {
    if (date === first || (first !== undefined && isLater(date, first))) continue;
    const time = timeOf(date);
    if (time === undefined || time >= least) continue;
    [first, least] = [date, time];
  }
  return first;
}

/** Whether that can be told without reading the dates: collectors write them in one form. */
function isLater(date: string | undefined, other: string): boolean {
  return date !== undefined && date > other && UTC_DATE.test(date) && UTC_DATE.test(other);
}

/** The widest exposure; `unknown` counts as more than one machine and less than a private repository. */
export function widest(exposures: readonly Exposure[]): Exposure {
  let best = -1;
  for (const exposure of exposures) best = Math.max(best, WIDTH.indexOf(exposure));
  return WIDTH[best] ?? 'unknown';
}

/** The environment that a path names (`config/prod.yml`, `.env.staging`), or undefined. */
export function environmentOf(path: string): string | undefined {
  for (const word of path.toLowerCase().split(/[^a-z0-9]+/)) {
    if (Object.hasOwn(ENVIRONMENT_WORDS, word)) return ENVIRONMENT_WORDS[word];
  }
  return undefined;
}

function environmentsOf(locations: readonly Location[]): readonly string[] {
  const paths = new Set(locations.map((place) => place.path));
  const environments = new Set([...paths].map(environmentOf).filter((environment) => environment !== undefined));
  return [...environments].sort(compareText);
}

/** Who can read a place: as its collector says, else as its repository's visibility says. */
export function exposureOf(place: Location, index: KeyIndex): Exposure {
  if (place.exposure !== undefined && place.exposure !== 'unknown') return place.exposure;
  if (index.repositories.size === 0) return 'unknown';
  const repository = index.repositories.get(place.repository?.toLowerCase() ?? '');
  const visibility = textOf(repository, 'visibility');
  if (visibility === 'public' || visibility === 'private') return visibility;
  return visibility === 'internal' ? 'organisation' : 'unknown';
}

/** Places without repetition, in a stable order. */
export function uniqueLocations(locations: readonly Location[]): readonly Location[] {
  const byKey = new Map<string, Location>();
  for (const place of locations) {
    const key = placeKey(place);
    const earlier = byKey.get(key);
    if (earlier === undefined || compareDetail(place, earlier) < 0) byKey.set(key, place);
  }
  if (byKey.size === 1) return [...byKey.values()];
  return [...byKey.values()].sort((a, b) => compareLocations(a, b) || compareText(placeKey(a), placeKey(b)));
}

/** The place that says more wins; ties are broken by content so that the order of the input does not matter. */
function compareDetail(a: Location, b: Location): number {
  const size = Object.keys(b).length - Object.keys(a).length;
  return size || compareText(JSON.stringify(a), JSON.stringify(b));
}

/** A file of the work tree and the blob of HEAD at the same path are one place: the commit only tells more about it. */
function placeKey(place: Location): string {
  const { repository = '', path, part = '', startLine, startColumn, endLine, endColumn, decoded = '' } = place;
  const commit = place.present === true ? 'present' : (place.commit ?? '');
  return `${repository}\n${path}\n${part}\n${commit}\n${startLine}\n${startColumn}\n${endLine}\n${endColumn}\n${decoded}`;
}
