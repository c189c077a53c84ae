import type { Occurrence } from '../../collectors/abilities.ts';
import type { CollectContext } from '../../collectors/contract.ts';
import type { ConfirmedMatch } from '../../detect/confirm.ts';
import { GitError } from '../../git/process/error.ts';
import { defined } from '../../lib/fields/defined.ts';
import type { Location } from '../../model/location.ts';
import type { Plan, Target } from '../plan/contract.ts';
import type { Harvest } from './contract.ts';

/** Places that are added in one run. */
const MOST_ADDED = 200_000;

/** A run with every commit and path of what was found, and what is to be said about it. */
export interface Spread {
  readonly harvest: Harvest;
  readonly notes: readonly string[];
}

/**
 * Where it is wanted, puts beside each match the other commits and paths that brought the same object. One walk for
 * each target.
 */
export async function spreadOccurrences(
  { options, targets, contextOf }: Pick<Plan, 'options' | 'targets' | 'contextOf'>,
  harvest: Harvest,
): Promise<Spread> {
  if (options.occurrences !== 'all') return { harvest, notes: [] };
  const matches: ConfirmedMatch[] = [];
  const notes: string[] = [];
  for (const target of targets) {
    const { text } = target.address;
    const read = harvest.reads.get(text);
    const ofTarget = harvest.matches.slice(read?.from ?? 0, read?.to ?? 0);
    const { of, left, failure } = await findOccurrences(target, contextOf(target), ofTarget);
    const before = matches.length;
    const room = MOST_ADDED - before;
    const beyond = left + addSpread(matches, ofTarget, of, room);
    if (failure !== '') notes.push(`${text}: only one place of each object is listed, because ${failure}`);
    if (beyond > 0) notes.push(`${text}: ${beyond} further places are not listed`);
  }
  return { harvest: { ...harvest, matches }, notes };
}

interface Occurrences {
  readonly of: ReadonlyMap<string, readonly Occurrence[]>;
  readonly left: number;
  readonly failure: string;
}

async function findOccurrences(
  { collector, address }: Target,
  context: CollectContext,
  matches: readonly ConfirmedMatch[],
): Promise<Occurrences> {
  const blobs = new Set(matches.map(({ match }) => match.location.blob ?? ''));
  blobs.delete('');
  if (collector.occurrences === undefined || blobs.size === 0) return { of: new Map(), left: 0, failure: '' };
  try {
    return { ...(await collector.occurrences(context, address, blobs)), failure: '' };
  } catch (error) {
    if (context.signal?.aborted === true) return { of: new Map(), left: 0, failure: 'the run was interrupted' };
    if (!(error instanceof GitError)) throw error;
    return { of: new Map(), left: 0, failure: error.message };
  }
}

/** Adds the further places. Returns how many it had no room for. */
function addSpread(
  matches: ConfirmedMatch[],
  ofTarget: readonly ConfirmedMatch[],
  of: Occurrences['of'],
  room: number,
): number {
  let beyond = 0;
  let added = 0;
  for (const confirmed of ofTarget) {
    matches.push(confirmed);
    for (const occurrence of of.get(confirmed.match.location.blob ?? '') ?? []) {
      const location = placeOf(confirmed.match.location, occurrence);
      if (location === undefined) continue;
      added += 1;
      if (added > room) beyond += 1;
      else matches.push({ ...confirmed, match: { ...confirmed.match, location } });
    }
  }
  return beyond;
}

/** The same lines of the same object as another commit has it. Undefined for the place itself. */
function placeOf(place: Location, { commit, path, author, date }: Occurrence): Location | undefined {
  const { author: _, date: __, present, ...rest } = place;
  const inside = place.decoded === undefined ? -1 : place.path.indexOf('!/');
  const moved = inside < 0 ? path : path + place.path.slice(inside);
  if (commit === place.commit && moved === place.path) return undefined;
  return {
    ...rest,
    path: moved,
    commit,
    ...defined({ author, date }),
    reachable: true,
    ...(present === undefined ? {} : { present: false }),
  };
}
