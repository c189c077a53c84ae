import type { PrivilegeTier } from '../../model/identity.ts';
import {
  CALLERS_OWN,
  CREDENTIAL_ACTIONS,
  DATA_ACTIONS,
  ESCALATIONS,
  HARMLESS_ACTIONS,
  MINOR_CREDENTIALS,
  READ_VERB,
  SELF_ACTIONS,
} from './actions.ts';
import type { ActionRow } from './tables.ts';

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

/** Beginnings of the names of writes that add, start, label or try, of one or of a batch. */
const ADD_VERB =
  /^(?:batch)?(?:create|start|run|register|request|submit|tag|untag|add|import|copy|send|publish|invoke|subscribe|associate|allocate|post|initiate|upload|complete|generate|purchase|passrole|batchcheck|connect|open|sign|verify|encrypt|retry|resume|confirm|accept|apply|clone|duplicate|export|issue(?!certificate$)|recognize|test(?!failover))/;

/** Writes of records, which touch no other record, and refusals of what somebody offers. */
const ADD_NAME =
  /^put\w*(?:logevents|events|logs|metricdata|segments|telemetryrecords|records?)$|^(?:reject|decline)\w*invitations?$/;

/**
 * Names of reads and of answers about what a request brings along, which the vendor's list calls writes or permissions
 * management, and of what only lets a service write logs.
 */
const NAMED_LIST =
  /^(?:list|describe|view|search|predict|detect|evaluate|validate|counttokens|createinference$|testconnection)/;
const NAMED_READ = /^(?:get|access|allowvendedlogdelivery)/;

/** Beginnings of the names of writes that change or take away what is there; others may be of settings. */
const CHANGE_VERB = /^(?:batch)?(?:delete|terminate|transfer|remove|update|modify|disable|cancel|stop|reset)/;

const DIRECT_ACTIONS = new Set(
  ESCALATIONS.filter(({ gain, actions }) => gain === 'any-permission' && actions.length === 1).flatMap(lowerNames),
);
const SENSITIVE_ACTIONS = new Set([...CREDENTIAL_ACTIONS, ...DATA_ACTIONS].map((action) => action.toLowerCase()));
const MINOR = new Set(MINOR_CREDENTIALS.map((action) => action.toLowerCase()));
const HARMLESS = new Set(HARMLESS_ACTIONS.map((action) => action.toLowerCase()));
const OWN = new Set(CALLERS_OWN.map((action) => action.toLowerCase()));
const SELF = new Set(SELF_ACTIONS.map((action) => action.toLowerCase()));

function lowerNames({ actions }: { readonly actions: readonly string[] }): string[] {
  return actions.map((action) => action.toLowerCase());
}

/** Returns what one action is worth. An action that the vendor's list does not have is judged by its verb. */
export function worthOf(action: string, row?: ActionRow): Worth {
  const key = action.toLowerCase();
  if (DIRECT_ACTIONS.has(key)) return DIRECT;
  if (SELF.has(key)) return NOTHING;
  if (isHarmlessAction(key) || MINOR.has(key)) return READS;
  const name = key.slice(key.indexOf(':') + 1);
  if (SENSITIVE_ACTIONS.has(key)) return SENSITIVE;
  if (OWN.has(key)) return ADDS;
  if (row === undefined) return READ_VERB.test(name) ? READS : isAddition(name) ? ADDS : MODIFIES;
  if (row.level === 'L' || row.level === 'R' || NAMED_LIST.test(name)) return READS;
  if (row.level === 'T' || row.isUnbound || NAMED_READ.test(name)) return ADDS;
  return row.level === 'W' && isAddition(name) ? ADDS : MODIFIES;
}

/** An action of the table, or any of a service of which everything is harmless. */
function isHarmlessAction(key: string): boolean {
  return HARMLESS.has(key) || HARMLESS.has(`${key.slice(0, key.indexOf(':'))}:*`);
}

function isAddition(name: string): boolean {
  return ADD_VERB.test(name) || ADD_NAME.test(name);
}

/** True for an action that changes or takes away what is there, though a statement may not be able to name it. */
export function isChange({ level, key }: ActionRow): boolean {
  if (level !== 'W' && level !== 'P') return false;
  return !isHarmlessAction(key) && !OWN.has(key) && CHANGE_VERB.test(key.slice(key.indexOf(':') + 1));
}

/** True for a pattern, in lower case, that changes nothing of value whatever it names. */
export function isHarmless(pattern: string): boolean {
  return HARMLESS.has(pattern);
}

/** What such a pattern is worth. */
export const HARMLESS_WORTH: Worth = READS;

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
