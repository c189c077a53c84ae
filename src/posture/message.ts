import type { Identity } from '../model/identity.ts';
import type { Json } from '../model/json.ts';
import type { PostureRule } from '../model/rule.ts';

/** A placeholder of a message: `{name}`, `{account}`, `{id}`, `{type}` or `{attribute}`. */
export const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9_-]*)\}/g;

const MOST_ENTRIES = 5;
const LONGEST = 160;
/** A day is enough for a sentence. */
const DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;
const DAY_LENGTH = 10;
/** Nothing of that is in most texts. */
const SAFE = /^[ -~]*$/;
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/**
 * The message of a rule about an identity, on one line. Lists show five entries, long values are cut, control and
 * direction characters become spaces: names come from providers and files that others write.
 */
export function renderMessage(rule: Pick<PostureRule, 'message'>, identity: Identity): string {
  return rule.message.trim().replace(PLACEHOLDER, (_, name: string) => renderValue(lookUp(name, identity)));
}

function lookUp(name: string, identity: Identity): Json | undefined {
  if (name === 'name' || name === 'id' || name === 'type') return identity[name];
  if (name === 'account') return identity.account ?? identity.provider;
  return Object.hasOwn(identity.attributes, name) ? identity.attributes[name]?.value : undefined;
}

function renderValue(value: Json | undefined): string {
  if (value === undefined || value === null) return 'unknown';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return DATE.test(value) ? value.slice(0, DAY_LENGTH) : shorten(clean(value));
  if (Array.isArray(value)) return renderList(value);
  return shorten(clean(JSON.stringify(value)));
}

function renderList(list: readonly Json[]): string {
  if (list.length === 0) return 'none';
  const shown = list.slice(0, MOST_ENTRIES).map(renderValue).join(', ');
  return list.length > MOST_ENTRIES ? `${shown} and ${list.length - MOST_ENTRIES} more` : shown;
}

function clean(text: string): string {
  // Bounded before the expression runs: a value may be megabytes long.
  const start = text.slice(0, LONGEST * 4);
  return (SAFE.test(start) ? start : start.replace(UNSAFE, ' ')).trim();
}

function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}
