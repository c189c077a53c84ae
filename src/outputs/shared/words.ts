import type { Severity } from '../../model/match.ts';
import type { FindingEventKind, FindingView, PlaceView, SafeEvent, SafeFindingEvent } from '../event.ts';

export const KIND_WORDS: Readonly<Record<FindingEventKind, string>> = {
  new: 'New',
  reopened: 'Reopened',
  verdict: 'Verdict',
  fixed: 'Fixed',
  accepted: 'Accepted',
};

const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'none'];

/** Worst first; the order of equals stays. */
export function worstFirst(events: readonly SafeFindingEvent[]): SafeFindingEvent[] {
  const rank = ({ finding }: SafeFindingEvent): number => SEVERITIES.indexOf(finding.severity);
  return [...events].sort((a, b) => rank(a) - rank(b) || b.finding.score - a.finding.score);
}

/** `acme/shop deploy/.env:3`. */
export function describePlace({ repository, path, startLine }: PlaceView): string {
  const place = startLine > 0 ? `${path}:${startLine}` : path;
  return repository === undefined ? place : `${repository} ${place}`;
}

/** `acme/shop deploy/.env:3 and 4 more places`. */
export function describePlaces({ places, morePlaces }: FindingView): string {
  const [first] = places;
  if (first === undefined) return 'no place in a file';
  const more = places.length - 1 + morePlaces;
  const rest = more === 0 ? '' : ` and ${more} more ${more === 1 ? 'place' : 'places'}`;
  return `${describePlace(first)}${rest}`;
}

/** What the live check said, or nothing where there was none. */
export function describeVerdict({ verdict }: FindingView): string {
  if (verdict === undefined || verdict.state === 'not-tried') return '';
  return `${verdict.state}: ${verdict.reason}`;
}

/** Names of all owners that are known. */
export function describeOwners({ owners }: FindingView): string {
  return owners.map(({ name, how }) => `${name} (${how})`).join(', ');
}

/** `3 new, 1 fixed`. */
export function countKinds(events: readonly SafeFindingEvent[]): string {
  return countBy(events, Object.keys(KIND_WORDS), ({ kind }) => kind);
}

/** `2 critical, 1 high`. */
export function countSeverities(events: readonly SafeFindingEvent[]): string {
  return countBy(events, SEVERITIES, ({ finding }) => finding.severity).replace('none', 'without severity');
}

function countBy<T>(items: readonly T[], names: readonly string[], nameOf: (item: T) => string): string {
  const counts = names.map((name) => ({ name, count: items.filter((item) => nameOf(item) === name).length }));
  return counts.flatMap(({ name, count }) => (count === 0 ? [] : `${count} ${name}`)).join(', ');
}

/** One sentence about an event that is about no finding. */
export function describeOther(event: Exclude<SafeEvent, SafeFindingEvent>): string {
  if (event.kind === 'coverage-failed') {
    const since = event.since === undefined ? '' : `, not read since ${event.since.slice(0, 10)}`;
    return `Not read: ${event.scope} (${event.reason}${since}). What it holds is unknown.`;
  }
  const { repositories, failed, fixed, reopened, open } = event.summary;
  const counts = SEVERITIES.flatMap((severity) => {
    const count = open[severity] ?? 0;
    return count === 0 ? [] : `${count} ${severity === 'none' ? 'without severity' : severity}`;
  });
  const state = counts.length === 0 ? 'nothing open' : `open: ${counts.join(', ')}`;
  const read = failed === 0 ? 'all read' : `${failed} not read, so this says nothing about them`;
  const changes = `${event.summary.new} new, ${fixed} fixed, ${reopened} reopened`;
  return `Night ended: ${repositories} repositories, ${read}; ${changes}; ${state}.`;
}
