import { defined } from '../../lib/fields/defined.ts';
import type { Location } from '../../model/location.ts';
import type { PatternList, Condition as PolicyCondition } from '../contract.ts';
import { isKnownOperator } from './conditions.ts';

/**
 * A part of a policy that is not known, because nobody evaluated its expression. What depends on it is unknown, too.
 */
export class Unknown {
  /** Source text, for messages. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export function isUnknown(value: unknown): value is Unknown {
  return value instanceof Unknown;
}

/** A policy document as data. A string may hold `${…}` where a part of it is not known. */
export type PolicyValue =
  | null
  | boolean
  | number
  | string
  | Unknown
  | readonly PolicyValue[]
  | { readonly [key: string]: PolicyValue };

/** One principal of a trust policy. */
export interface Principal {
  readonly kind: 'AWS' | 'Federated' | 'Service' | 'CanonicalUser';
  readonly value: string;
}

export type { Condition as PolicyCondition, PatternList } from '../contract.ts';

export interface Statement {
  readonly effect: 'Allow' | 'Deny' | 'unknown';
  readonly actions: PatternList;
  readonly resources: PatternList;
  readonly principals: readonly Principal[];
  /** True for NotPrincipal, and if a principal is unknown. */
  readonly principalUnknown: boolean;
  readonly conditions: readonly PolicyCondition[];
  /** True if there are conditions that are unknown, or a comparison that IAM does not know. */
  readonly conditionUnknown: boolean;
}

export interface PolicyDocument {
  readonly statements: readonly Statement[];
  /** True if there are statements that are unknown. */
  readonly unknown: boolean;
  /** How many statements, and values in them, are beyond the limits or too long to be read. Absent: none. */
  readonly left?: number;
  readonly location?: Location;
}

/** A document that nobody could read. */
export const UNKNOWN_DOCUMENT: PolicyDocument = { statements: [], unknown: true };

// Most statements that are read. IAM itself allows about ten thousand characters in a document of a customer; the
// longest list of a policy that AWS manages has about a thousand actions.
const MAX_STATEMENTS = 500;
const MAX_VALUES = 5_000;
/** Most patterns of a document that are read, over all its statements. */
const MAX_PATTERNS = 20_000;
/** Versions of the language that IAM knows. In another one nobody knows what a statement means. */
const VERSIONS = ['2012-10-17', '2008-10-17'];
const MAX_LENGTH = 2048;
const PRINCIPAL_KINDS: readonly Principal['kind'][] = ['AWS', 'Federated', 'Service', 'CanonicalUser'];

/**
 * Reads a policy document: data, JSON text, or URL-encoded JSON text (the form of the IAM API). Never throws. What
 * cannot be read makes the document unknown in part or as a whole.
 */
export function readPolicyDocument(value: PolicyValue | undefined, location?: Location): PolicyDocument {
  const data = typeof value === 'string' ? parseText(value) : value;
  const place = defined({ location });
  if (!isRecord(data)) return { ...UNKNOWN_DOCUMENT, ...place };
  const raw = field(data, 'Statement');
  if (raw === undefined || !isKnownVersion(field(data, 'Version'))) return { ...UNKNOWN_DOCUMENT, ...place };
  const list = Array.isArray(raw) ? (raw as readonly PolicyValue[]) : [raw];
  const records = list.filter(isRecord);
  const statements = withinPatterns(records.slice(0, MAX_STATEMENTS));
  const unread = statements.reduce((sum, statement) => sum + countLeft(statement), records.length - statements.length);
  const more = unread === 0 ? {} : { left: unread };
  const unknown = statements.length < list.length;
  return { statements: statements.map(readStatement), unknown, ...more, ...place };
}

/** A version that is an expression of a template is one of the known ones. */
function isKnownVersion(version: PolicyValue | undefined): boolean {
  return typeof version !== 'string' || VERSIONS.includes(version) || version.includes('${');
}

/** The first statements that together have no more patterns than are read. */
function withinPatterns(
  statements: readonly Readonly<Record<string, PolicyValue>>[],
): readonly Readonly<Record<string, PolicyValue>>[] {
  let patterns = 0;
  const beyond = statements.findIndex((statement) => {
    for (const name of ['Action', 'NotAction', 'Resource', 'NotResource']) {
      const value = field(statement, name);
      patterns += Array.isArray(value) ? Math.min(value.length, MAX_VALUES) : 1;
    }
    return patterns > MAX_PATTERNS;
  });
  return beyond < 0 ? statements : statements.slice(0, beyond);
}

/** Counts the values of a statement that are not read: actions, resources, principals and conditions. */
function countLeft(statement: Readonly<Record<string, PolicyValue>>): number {
  const plain = ['Action', 'NotAction', 'Resource', 'NotResource'].map((name) => field(statement, name));
  const conditions = valuesOf(field(statement, 'Condition')).flatMap(valuesOf);
  const lists = [...plain, ...valuesOf(field(statement, 'Principal')), ...conditions];
  return lists.reduce((sum: number, list) => sum + countUnread(list), 0);
}

function valuesOf(value: PolicyValue | undefined): readonly PolicyValue[] {
  return isRecord(value) ? Object.values(value) : [];
}

/** Counts the values of one list beyond what `readStrings` keeps. Values of a wrong type are no loss. */
function countUnread(value: PolicyValue | undefined): number {
  const list = Array.isArray(value) ? (value as readonly PolicyValue[]) : [value];
  const long = list.slice(0, MAX_VALUES).filter((item) => typeof item === 'string' && item.length > MAX_LENGTH);
  return Math.max(0, list.length - MAX_VALUES) + long.length;
}

function parseText(text: string): PolicyValue | undefined {
  for (const form of [text, decodeUrl(text), withoutLastCommas(text)]) {
    try {
      return JSON.parse(form) as PolicyValue;
    } catch {
      // It has another form. The next one is tried; without any, it is unknown.
    }
  }
  return undefined;
}

/** AWS refuses a comma before a bracket; templates have it now and then, and still say what is meant. */
function withoutLastCommas(text: string): string {
  return text.replace(/,(?=\s{0,200}[\]}])/g, '');
}

function decodeUrl(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function isRecord(value: PolicyValue | undefined): value is Readonly<Record<string, PolicyValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isUnknown(value);
}

/** Finds a field by its name, without case: in old documents IAM accepts `effect` for `Effect`. */
function field(record: Readonly<Record<string, PolicyValue>>, name: string): PolicyValue | undefined {
  if (Object.hasOwn(record, name)) return record[name];
  const existingKey = Object.keys(record).find((key) => key.toLowerCase() === name.toLowerCase());
  return existingKey === undefined ? undefined : record[existingKey];
}

function readStatement(raw: Readonly<Record<string, PolicyValue>>): Statement {
  const effect = field(raw, 'Effect');
  const principal = readPrincipals(field(raw, 'Principal'));
  const conditions = readConditions(field(raw, 'Condition'));
  return {
    effect: effect === 'Allow' || effect === 'Deny' ? effect : 'unknown',
    actions: withoutPartial(readPatterns(field(raw, 'Action'), field(raw, 'NotAction'))),
    resources: readPatterns(field(raw, 'Resource'), field(raw, 'NotResource')),
    principals: principal.known,
    principalUnknown: principal.unknown || field(raw, 'NotPrincipal') !== undefined,
    conditions: conditions.known,
    conditionUnknown: conditions.unknown || !conditions.known.every(isKnownOperator),
  };
}

function readPatterns(plain: PolicyValue | undefined, except: PolicyValue | undefined): PatternList {
  const { known, unknown } = readStrings(plain ?? except);
  // A statement with both is not valid, so nobody knows what it does.
  const isBoth = plain !== undefined && except !== undefined;
  return { patterns: known, unknown: unknown || isBoth, except: plain === undefined && except !== undefined };
}

/**
 * Drops actions that are known in part only, because they may be any action. (Resources keep what is known of them.)
 */
function withoutPartial(list: PatternList): PatternList {
  const patterns = list.patterns.filter((pattern) => !pattern.includes('${'));
  return patterns.length === list.patterns.length ? list : { ...list, patterns, unknown: true };
}

/**
 * Returns the strings of a value, which is one string or a list. An element that is no string makes the rest unknown.
 */
function readStrings(value: PolicyValue | undefined): { readonly known: string[]; readonly unknown: boolean } {
  if (value === undefined) return { known: [], unknown: false };
  const list = Array.isArray(value) ? (value as readonly PolicyValue[]) : [value];
  const texts: string[] = [];
  for (const item of list.slice(0, MAX_VALUES)) {
    if (typeof item === 'string' && item.length <= MAX_LENGTH) texts.push(item);
    else if (typeof item === 'number' || typeof item === 'boolean') texts.push(String(item));
  }
  return { known: texts, unknown: texts.length < list.length };
}

function readPrincipals(value: PolicyValue | undefined): { readonly known: Principal[]; readonly unknown: boolean } {
  if (value === undefined) return { known: [], unknown: false };
  if (typeof value === 'string') return { known: [{ kind: 'AWS', value }], unknown: false };
  // AWS wants a mapping. A list is read as what its author means.
  if (Array.isArray(value)) return readPrincipals({ AWS: value as readonly PolicyValue[] });
  if (!isRecord(value)) return { known: [], unknown: true };
  const principals: Principal[] = [];
  let unknown = false;
  for (const [name, raw] of Object.entries(value)) {
    const kind = PRINCIPAL_KINDS.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
    const values = readStrings(raw);
    unknown ||= values.unknown || kind === undefined;
    if (kind !== undefined) principals.push(...values.known.map((text) => ({ kind, value: text })));
  }
  return { known: principals, unknown };
}

function readConditions(value: PolicyValue | undefined): {
  readonly known: PolicyCondition[];
  readonly unknown: boolean;
} {
  if (value === undefined || value === null) return { known: [], unknown: false };
  if (!isRecord(value)) return { known: [], unknown: true };
  const conditions: PolicyCondition[] = [];
  let unknown = false;
  for (const [operator, keys] of Object.entries(value)) {
    if (!isRecord(keys)) {
      unknown = true;
      continue;
    }
    for (const [key, raw] of Object.entries(keys)) {
      const values = readStrings(raw);
      conditions.push({ operator, name: key, key: key.toLowerCase(), values: values.known, unknown: values.unknown });
    }
  }
  return { known: conditions, unknown };
}
