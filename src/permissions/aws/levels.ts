import type { PrivilegeTier } from '../../model/identity.ts';
import { ESCALATIONS, READ_VERB } from './actions.ts';
import { CREDENTIAL_ACTIONS, DATA_ACTIONS, MINOR_CREDENTIALS } from './judged/reads.ts';
import { ADDITIONS, CALLERS_OWN, HARMLESS_ACTIONS, NO_MANAGEMENT, PROTECTIONS, SELF_ACTIONS } from './judged/writes.ts';
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
  /^(?:batch)?(?:create|start|run|register|request|submit|tag|untag|add|import|copy|send|publish|invoke|subscribe|associate|allocate|post|initiate|upload|complete|generate|purchase|passrole|batchcheck|connect|open|sign|verify|encrypt|retry|resume|confirm|accept|apply|clone|duplicate|export|issue(?!certificate$)|recognize|test(?!failover)|notify|provision|invite|decline)/;

/** Writes of records, which touch no other record, and refusals of what somebody offers. */
const ADD_NAME =
  /^put\w*(?:logevents|events|logs|metricdata|segments|telemetryrecords|records?)$|^reject\w*invitations?$|^(?:put|submit)\w*feedback$/;

/**
 * Names of reads and of answers about what a request brings along, which the vendor's list calls writes or permissions
 * management, and of what only lets a service write logs.
 */
const NAMED_LIST =
  /^(?:list|describe|view|search|predict|detect|evaluate|validate|counttokens|createinference$|callwithbearertoken$|testconnection)/;
const NAMED_READ = /^(?:get|access|allowvendedlogdelivery)/;

/** Beginnings of the names of writes that change or take away what is there; others may be of settings. */
const CHANGE_VERB = /^(?:batch)?(?:delete|terminate|transfer|remove|update|modify|disable|cancel|stop|reset)/;

const HARMLESS = new Set(lower(HARMLESS_ACTIONS));
const OWN = new Set(lower(CALLERS_OWN));

/** What our own tables say of an action, by its name in lower case; where several have it, the last one counts. */
const JUDGED: ReadonlyMap<string, Worth> = new Map([
  ...worths(PROTECTIONS, MODIFIES),
  ...worths([...CALLERS_OWN, ...ADDITIONS, ...NO_MANAGEMENT], ADDS),
  ...worths([...CREDENTIAL_ACTIONS, ...DATA_ACTIONS], SENSITIVE),
  ...worths([...HARMLESS_ACTIONS, ...MINOR_CREDENTIALS], READS),
  ...worths(SELF_ACTIONS, NOTHING),
  ...worths(
    ESCALATIONS.filter(({ gain, actions }) => gain === 'any-permission' && actions.length === 1).flatMap(
      ({ actions }) => actions,
    ),
    DIRECT,
  ),
]);

function worths(actions: readonly string[], worth: Worth): [key: string, worth: Worth][] {
  return lower(actions).map((key) => [key, worth]);
}

function lower(names: readonly string[]): string[] {
  return names.map((name) => name.toLowerCase());
}

/** Returns what one action is worth. An action that the vendor's list does not have is judged by its verb. */
export function worthOf(action: string, row?: ActionRow): Worth {
  const key = action.toLowerCase();
  const name = key.slice(key.indexOf(':') + 1);
  return JUDGED.get(key) ?? (isHarmlessAction(key) ? READS : row === undefined ? byVerb(name) : byRow(name, row));
}

function byVerb(name: string): Worth {
  if (READ_VERB.test(name)) return READS;
  return isAddition(name) ? ADDS : MODIFIES;
}

function byRow(name: string, { level, isUnbound }: ActionRow): Worth {
  if (level === 'L' || level === 'R' || NAMED_LIST.test(name)) return READS;
  if (level === 'P' && name.startsWith('get')) return READS;
  if (level === 'T' || isUnbound || NAMED_READ.test(name)) return ADDS;
  return level === 'W' && isAddition(name) ? ADDS : MODIFIES;
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
