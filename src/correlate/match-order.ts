import { compareLocations, compareText, type Location } from '../model/location.ts';
import type { Confidence, Match } from '../model/match.ts';
import type { CompiledRule } from '../model/rule.ts';

const RANK: Readonly<Record<Confidence, number>> = { high: 3, medium: 2, low: 1 };

/** Rules of this provider know a name and a value, but no format. */
export const GENERIC_PROVIDER = 'generic';

/** Order of matches, the most telling first: a provider's rule, confidence, the longer match; then id and place. */
export function compareMatches(a: Ranked, b: Ranked): number {
  return (
    Number(isGeneric(a.rule)) - Number(isGeneric(b.rule)) ||
    RANK[b.match.confidence] - RANK[a.match.confidence] ||
    b.match.secret.length - a.match.secret.length ||
    compareText(a.rule.id, b.rule.id) ||
    compareLocations(a.match.location, b.match.location) ||
    compareText(placeText(a.match.location), placeText(b.match.location))
  );
}

interface Ranked {
  readonly match: Match;
  readonly rule: CompiledRule;
}

/** True for rules that know a variable's name, but not the format of the value. */
export function isGeneric(rule: CompiledRule): boolean {
  return rule.provider === GENERIC_PROVIDER;
}

function placeText(place: Location): string {
  return `${place.collector}\n${place.repository ?? ''}\n${place.blob ?? ''}\n${place.endLine}:${place.endColumn}`;
}
