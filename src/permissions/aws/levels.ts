import { matchesWildcard } from '../../lib/patterns/wildcard.ts';
import type { PrivilegeTier } from '../../model/identity.ts';
import { serviceOf } from './action-list.ts';
import {
  CREDENTIAL_ACTIONS,
  DATA_ACTIONS,
  ESCALATIONS,
  HARMLESS_ACTIONS,
  MINOR_CREDENTIALS,
  READ_VERB,
  SELF_ACTIONS,
} from './actions.ts';
import { ACTION_BY_KEY, ACTIONS, type ActionRow } from './tables.ts';

/** What an action is worth on every resource of its kind, and on some. */
export interface Worth {
  readonly onAll: PrivilegeTier;
  readonly onSome: PrivilegeTier;
}

const DIRECT: Worth = { onAll: 0, onSome: 1 };
/** Changes or takes away what is there. */
const MODIFIES: Worth = { onAll: 1, onSome: 2 };
/** Adds something, and touches nothing that is there. */
const ADDS: Worth = { onAll: 2, onSome: 2 };
const SENSITIVE: Worth = { onAll: 2, onSome: 2 };
const READS: Worth = { onAll: 3, onSome: 3 };
const NOTHING: Worth = { onAll: 4, onSome: 4 };

/** Beginnings of the names of writes that add, start or label. */
const ADD_VERB =
  /^(?:create|start|run|register|request|submit|tag|untag|add|import|copy|send|publish|invoke|subscribe|associate|allocate|post|initiate|upload|complete|generate|purchase|passrole|batchcheck|connect|open|sign|verify|encrypt|retry|resume|confirm|accept|apply)/;

/** Names of reads that the vendor's list calls writes, and of what only lets a service write logs. */
const NAMED_LIST = /^(?:list|describe|view|search)/;
const NAMED_READ = /^(?:get|access|allowvendedlogdelivery)/;

const DIRECT_ACTIONS = new Set(
  ESCALATIONS.filter(({ gain, actions }) => gain === 'any-permission' && actions.length === 1).flatMap(lowerNames),
);
const SENSITIVE_ACTIONS = new Set([...CREDENTIAL_ACTIONS, ...DATA_ACTIONS].map((action) => action.toLowerCase()));
const MINOR = new Set(MINOR_CREDENTIALS.map((action) => action.toLowerCase()));
const HARMLESS = new Set(HARMLESS_ACTIONS.map((action) => action.toLowerCase()));
const SELF = new Set(SELF_ACTIONS.map((action) => action.toLowerCase()));

function lowerNames({ actions }: { readonly actions: readonly string[] }): string[] {
  return actions.map((action) => action.toLowerCase());
}

/** Returns what one action is worth. An action that the vendor's list does not have is judged by its verb. */
export function worthOf(action: string, row?: ActionRow): Worth {
  const key = action.toLowerCase();
  if (DIRECT_ACTIONS.has(key)) return DIRECT;
  if (SELF.has(key)) return NOTHING;
  if (HARMLESS.has(key) || MINOR.has(key)) return READS;
  const name = key.slice(key.indexOf(':') + 1);
  if (SENSITIVE_ACTIONS.has(key)) return SENSITIVE;
  if (row === undefined) return READ_VERB.test(name) ? READS : ADD_VERB.test(name) ? ADDS : MODIFIES;
  if (row.level === 'L' || row.level === 'R' || NAMED_LIST.test(name)) return READS;
  if (row.level === 'T' || row.isUnbound || NAMED_READ.test(name)) return ADDS;
  return row.level === 'W' && ADD_VERB.test(name) ? ADDS : MODIFIES;
}

/** An action of the vendor's list, and what it is worth. */
interface RankedRow {
  readonly key: string;
  readonly worth: Worth;
}

/** Actions by service, and all of them, the highest worth first: the first that a pattern names tells its worth. */
const RANKED: ReadonlyMap<string, readonly RankedRow[]> = new Map(
  [...ACTIONS].map(([service, rows]) => [service, rank(rows)]),
);
const ALL_RANKED = rank([...ACTIONS.values()].flat());

function rank(rows: readonly ActionRow[]): readonly RankedRow[] {
  return rows
    .map((row) => ({ key: row.key, worth: worthOf(row.action, row) }))
    .sort((a, b) => a.worth.onAll - b.worth.onAll || a.worth.onSome - b.worth.onSome);
}

/** Returns the highest worth of the actions that a pattern names, of those that `isLeft` lets pass. */
export function worthOfPattern(pattern: string, isLeft: (action: string) => boolean = () => true): Worth | undefined {
  const text = pattern.toLowerCase();
  if (HARMLESS.has(text)) return READS;
  const row = /[*?]/.test(text) ? undefined : ACTION_BY_KEY.get(text);
  if (row !== undefined) return isLeft(row.key) ? worthOf(row.action, row) : undefined;
  const service = serviceOf(text);
  const isWhole = text === '*' || text === '*:*' || text === `${service}:*`;
  let names = 0;
  for (const { key, worth } of /[*?]/.test(service) ? ALL_RANKED : (RANKED.get(service) ?? [])) {
    if (!isWhole && !matchesWildcard(text, key)) continue;
    names += 1;
    if (isLeft(key)) return worth;
  }
  return names === 0 && isLeft(text) ? worthOf(pattern) : undefined;
}

/** The highest of several worths; undefined for none. */
export function highest(worths: readonly Worth[]): Worth | undefined {
  let best: { onAll: PrivilegeTier; onSome: PrivilegeTier } | undefined;
  for (const { onAll, onSome } of worths) {
    best ??= { onAll, onSome };
    if (onAll < best.onAll) best = { ...best, onAll };
    if (onSome < best.onSome) best = { ...best, onSome };
  }
  return best;
}
