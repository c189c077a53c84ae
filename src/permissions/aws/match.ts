import { matchesWildcard } from '../../lib/patterns/wildcard.ts';
import type { PatternList } from './document.ts';

/** True if the pattern (`*` any text, `?` one character, no case) matches. */
export function globMatches(pattern: string, text: string): boolean {
  return matchesWildcard(pattern.toLowerCase(), text.toLowerCase());
}

/** True if the list includes the action. Of a list with unknown patterns, only the known ones count. */
export function covers(list: PatternList, action: string): boolean {
  const named = list.patterns.some((pattern) => globMatches(pattern, action));
  return list.except ? !named && !list.unknown : named;
}
