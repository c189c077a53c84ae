import type { Finding } from '../../model/finding.ts';
import { compareText, type Location } from '../../model/location.ts';
import type { Severity } from '../../model/match.ts';
import type { Report } from '../../model/report.ts';

/** Worst first. */
export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'none'];

/** A value that looks like a credential and is proven not to be one. */
export function isPlaceholder(finding: Finding): boolean {
  return finding.kind === 'secret' && finding.grade === 'placeholder';
}

/** Findings that count: neither accepted by someone nor a placeholder. Worst first. */
export function openFindings(report: Report): Finding[] {
  return sortFindings(report.findings.filter((finding) => !finding.suppression && !isPlaceholder(finding)));
}

/** Severity, then score, then rule and id: the same order whatever order the report has. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(compareFindings);
}

function compareFindings(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    b.score.value - a.score.value ||
    compareText(a.ruleId, b.ruleId) ||
    compareText(a.id, b.id)
  );
}

/** Whether the place is in the tree as it is now. A place with a commit and no word about it counts as history. */
export function isPresent(location: Location): boolean {
  return location.present ?? location.commit === undefined;
}

/** A line of a file, not of a commit message or another text. */
export function isFilePlace(location: Location): boolean {
  return location.part === undefined || location.part === 'content';
}

/** The place to show first: in a file of the current tree if there is one. */
export function primaryPlace(finding: Finding): Location | undefined {
  const { locations } = finding;
  return (
    locations.find((location) => isPresent(location) && isFilePlace(location)) ??
    locations.find(isPresent) ??
    locations[0]
  );
}

/**
 * Places that differ for a reader. A file that is in the tree and in a commit of the history is one place, though two
 * collectors report it.
 */
export function distinctPlaces(finding: Finding): Location[] {
  const places = new Map<string, Location>();
  for (const place of finding.locations) {
    const { repository, path, part, startLine, startColumn, endLine, endColumn, commit } = place;
    const version = isPresent(place) ? '' : (commit ?? '');
    const text = isFilePlace(place) ? '' : part;
    const spot = [path, text, startLine, startColumn, endLine, endColumn, version].join('\n');
    const key = `${repository ?? ''}\n${spot}`;
    if (!places.has(key)) places.set(key, place);
  }
  return [...places.values()];
}

/** All distinct places, the listed and the ones that were only counted. */
export function countPlaces(finding: Finding): number {
  return distinctPlaces(finding).length + finding.moreLocations;
}

/** Groups in order of first appearance. */
export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
