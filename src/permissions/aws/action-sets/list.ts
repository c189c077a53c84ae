import { matchesWildcard } from '../../../lib/patterns/wildcard.ts';
import type { PatternList } from '../../contract.ts';

/** Patterns in lower case, by how they can match. */
interface SortedPatterns {
  readonly exact: ReadonlySet<string>;
  /** Patterns with a wildcard, by the service that they name. */
  readonly wild: ReadonlyMap<string, readonly string[]>;
  /** Patterns whose service is a wildcard, too. */
  readonly anyService: readonly string[];
}

/** A list of patterns of actions, made ready for many questions. */
export class ActionList {
  readonly except: boolean;
  private readonly isUnknown: boolean;
  private readonly patterns: readonly string[];
  /** Absent until the first question: most lists are never asked. */
  private sorted: SortedPatterns | undefined;

  constructor({ patterns, except, unknown }: PatternList) {
    this.except = except;
    this.isUnknown = unknown;
    this.patterns = patterns;
  }

  /** True if the list includes the action, in lower case. Of a list with unknown patterns, the known ones count. */
  has(action: string): boolean {
    const named = this.names(action);
    return this.except ? !named && !this.isUnknown : named;
  }

  private names(action: string): boolean {
    this.sorted ??= sortPatterns(this.patterns);
    const { exact, anyService, wild } = this.sorted;
    if (exact.has(action)) return true;
    const matches = (pattern: string): boolean => matchesWildcard(pattern, action);
    return anyService.some(matches) || wild.get(serviceOf(action))?.some(matches) === true;
  }
}

function sortPatterns(patterns: readonly string[]): SortedPatterns {
  const sorted = { exact: new Set<string>(), wild: new Map<string, string[]>(), anyService: [] as string[] };
  for (const text of patterns) {
    const pattern = text.toLowerCase();
    const service = serviceOf(pattern);
    if (!/[*?]/.test(pattern)) sorted.exact.add(pattern);
    else if (/[*?]/.test(service)) sorted.anyService.push(pattern);
    else {
      const own = sorted.wild.get(service) ?? [];
      sorted.wild.set(service, own);
      own.push(pattern);
    }
  }
  return sorted;
}

/** The part of an action before the colon. */
export function serviceOf(action: string): string {
  const colon = action.indexOf(':');
  return colon < 0 ? action : action.slice(0, colon);
}
