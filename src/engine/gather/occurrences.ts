import type { Occurrence, Occurrences } from '../../collectors/abilities.ts';
import type { CollectContext } from '../../collectors/contract.ts';
import type { ConfirmedMatch } from '../../detect/confirm.ts';
import { GitError } from '../../git/process/error.ts';
import { defined } from '../../lib/fields/defined.ts';
import type { Gap } from '../../model/gap.ts';
import type { Location } from '../../model/location.ts';
import type { Plan, Target } from '../plan/contract.ts';
import type { Harvest } from './contract.ts';
import { Ledger } from './ledger.ts';

/** Places that are added in one run. */
const MOST_ADDED = 200_000;
/** Of the line in the coverage ledger, which is there where something was missed. */
const SCOPE = 'occurrences';
const NONE = { of: new Map<string, readonly Occurrence[]>(), left: 0 };

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
  const ledger = new Ledger();
  for (const target of targets) {
    const { text } = target.address;
    const read = harvest.reads.get(text);
    const ofTarget = harvest.matches.slice(read?.from ?? 0, read?.to ?? 0);
    const { of, left, gaps } = await findOccurrences(target, contextOf(target), ofTarget);
    const before = matches.length;
    const placesLeft = MOST_ADDED - before;
    const beyond = left + addSpread(matches, ofTarget, of, placesLeft);
    for (const gap of gaps) ledger.gap({ collector: target.collector.id, target: text, scope: SCOPE }, gap);
    if (beyond > 0) notes.push(`${text}: ${beyond} further places are not listed`);
  }
  const coverage = [...harvest.coverage, ...ledger.close()];
  return { harvest: { ...harvest, matches, coverage }, notes };
}

async function findOccurrences(
  { collector, address }: Target,
  context: CollectContext,
  matches: readonly ConfirmedMatch[],
): Promise<Occurrences> {
  const blobs = new Set(matches.map(({ match }) => match.location.blob ?? ''));
  blobs.delete('');
  if (collector.occurrences === undefined || blobs.size === 0) return { ...NONE, gaps: [] };
  try {
    return await collector.occurrences(context, address, blobs);
  } catch (error) {
    if (context.signal?.aborted !== true && !(error instanceof GitError)) throw error;
    return { ...NONE, gaps: [failureGap(address.text, error)] };
  }
}

function failureGap(target: string, error: unknown): Gap {
  const failure = error instanceof GitError ? error.failure : 'aborted';
  const reason = failure === 'limit' || failure === 'timeout' ? failure : 'unreadable';
  const because = error instanceof GitError ? error.message : 'the run was interrupted';
  const message = `${target}: only one place of each object is listed, because ${because}.`;
  return { reason, subject: target, message, scope: true };
}

/** Adds the further places. Returns how many it had no room for. */
function addSpread(
  matches: ConfirmedMatch[],
  ofTarget: readonly ConfirmedMatch[],
  of: Occurrences['of'],
  placesLeft: number,
): number {
  let beyond = 0;
  let added = 0;
  for (const confirmed of ofTarget) {
    matches.push(confirmed);
    for (const occurrence of of.get(confirmed.match.location.blob ?? '') ?? []) {
      const location = placeOf(confirmed.match.location, occurrence);
      if (location === undefined) continue;
      added += 1;
      if (added > placesLeft) beyond += 1;
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
