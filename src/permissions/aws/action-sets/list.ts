import { matchesWildcard } from '../../../lib/patterns/wildcard.ts';
import type { PatternList } from '../../contract.ts';

/** A list of patterns of actions, made ready for many questions. */
export class ActionList {
  readonly except: boolean;
  private readonly exact = new Set<string>();
  /** Patterns with a wildcard, in lower case, by the service that they name. */
  private readonly wild = new Map<string, string[]>();
  /** Patterns whose service is a wildcard, too. */
  private readonly anyService: string[] = [];
  private readonly isUnknown: boolean;
  /** Patterns that are not sorted yet: most lists are never asked. */
  private waiting: readonly string[];

  constructor({ patterns, except, unknown }: PatternList) {
    this.except = except;
    this.isUnknown = unknown;
    this.waiting = patterns;
  }

  /** True if the list includes the action, in lower case. Of a list with unknown patterns, the known ones count. */
  has(action: string): boolean {
    const named = this.names(action);
    return this.except ? !named && !this.isUnknown : named;
  }

  private add(pattern: string): void {
    if (!/[*?]/.test(pattern)) this.exact.add(pattern);
    else if (/[*?]/.test(serviceOf(pattern))) this.anyService.push(pattern);
    else this.wild.set(serviceOf(pattern), [...(this.wild.get(serviceOf(pattern)) ?? []), pattern]);
  }

  private names(action: string): boolean {
    for (const pattern of this.waiting) this.add(pattern.toLowerCase());
    this.waiting = [];
    if (this.exact.has(action)) return true;
    const matches = (pattern: string): boolean => matchesWildcard(pattern, action);
    return this.anyService.some(matches) || this.wild.get(serviceOf(action))?.some(matches) === true;
  }
}

/** The part of an action before the colon. */
export function serviceOf(action: string): string {
  const colon = action.indexOf(':');
  return colon < 0 ? action : action.slice(0, colon);
}
