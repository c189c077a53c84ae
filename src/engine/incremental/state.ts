import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../../lib/walk.ts';
import type { Json } from '../../model/json.ts';
import type { Location } from '../../model/location.ts';
import type { Declared } from '../declared.ts';
import { isDeclared } from './declared.ts';
import { isKnownGap, type KnownGap } from './known-gaps.ts';
import { isKnownMatch, type KnownMatch } from './recall.ts';

/** Of the format below, and of what incremental runs take over from earlier ones. */
const FORMAT = 1;

/** A place that is read again, and further places of the same secret in other versions of the file. */
export interface PlaceGroup {
  readonly rule: string;
  readonly at: Location;
  readonly copies: readonly Location[];
  /** What was found out about the match at `at`; absent: it has to be looked at again. */
  readonly known?: KnownMatch;
}

/** How a copy is written: what differs from the place of its group; null: that one has it and the copy has not. */
type PlaceDifference = Readonly<Record<string, Json>>;

/** What a complete run leaves for the next one. Holds no value of a secret: what was found is read again at its place. */
export interface State {
  readonly format: typeof FORMAT;
  /** Hash of everything that decides what is found: rules, limits, options, version. */
  readonly settings: string;
  /** When the run began: ISO 8601. */
  readonly scanned: string;
  /** The collector's own note of how far it read. */
  readonly checkpoint: Json;
  /** Ids of the findings. */
  readonly findings: readonly string[];
  readonly groups: readonly PlaceGroup[];
  /** What could not be read and is not tried again; absent: nothing. */
  readonly gaps?: readonly KnownGap[];
  /** What files declared that hold no secret; absent: nothing. */
  readonly declared?: readonly Declared[];
}

/** A state that can be built on, or a sentence that says why there is none. */
export function readState(file: string, settings: string): { state?: State; problem?: string } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { problem: `there is no state of an earlier scan at ${file}` };
    return { problem: `the state ${file} cannot be read (${errorCode(error)})` };
  }
  const state = parseState(text);
  if (state === undefined) return { problem: `the state ${file} is damaged or of another version` };
  if (state.settings === settings) return { state };
  // What was found then still tells which findings are new.
  return { state: { ...state, checkpoint: null }, problem: 'rules, options or the version of bowerbird changed' };
}

/** Writes a state whole or not at all. Gives why it cannot be written, or an empty text. Nothing else is to be done meanwhile. */
export function writeState(file: string, state: Omit<State, 'format'>): string {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  const groups = state.groups.map(({ copies, ...group }) => {
    return { ...group, copies: copies.map((copy) => differenceOf(group.at, copy)) };
  });
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, JSON.stringify({ format: FORMAT, ...state, groups }), { mode: 0o600 });
    renameSync(temporary, file);
    return '';
  } catch (error) {
    removeQuietly(temporary);
    return errorCode(error);
  }
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // What could not be written is said already.
  }
}

/** Hash of what decides the result of a scan. */
export function hashSettings(parts: Json): string {
  return createHash('sha256')
    .update(JSON.stringify([FORMAT, parts]))
    .digest('hex');
}

function parseState(text: string): State | undefined {
  try {
    const state: unknown = JSON.parse(text);
    if (!isState(state)) return undefined;
    const groups = state.groups.map(({ rule, at, copies, known }) => {
      const group = { rule, at, copies: copies.map((copy) => applyDifference(at, copy)) };
      return known === undefined ? group : { ...group, known };
    });
    return { ...state, groups };
  } catch {
    return undefined;
  }
}

/** A state as it is written. */
interface WrittenState extends Omit<State, 'groups'> {
  readonly groups: readonly WrittenGroup[];
}

interface WrittenGroup extends Omit<PlaceGroup, 'copies'> {
  readonly copies: readonly PlaceDifference[];
}

function isState(value: unknown): value is WrittenState {
  if (!isRecord(value) || value['format'] !== FORMAT) return false;
  const { settings, scanned, findings, groups } = value;
  if (typeof settings !== 'string' || typeof scanned !== 'string' || Number.isNaN(Date.parse(scanned))) return false;
  const { gaps = [], declared = [] } = value;
  if (!Array.isArray(gaps) || !gaps.every(isKnownGap)) return false;
  if (!Array.isArray(declared) || !declared.every(isDeclared)) return false;
  return isTexts(findings) && Array.isArray(groups) && groups.every(isGroup) && 'checkpoint' in value;
}

function isGroup(value: unknown): value is WrittenGroup {
  if (!isRecord(value) || typeof value['rule'] !== 'string' || !Array.isArray(value['copies'])) return false;
  if (value['known'] !== undefined && !isKnownMatch(value['known'])) return false;
  return isPlace(value['at']) && value['copies'].every(isDifference);
}

function applyDifference(at: Location, difference: PlaceDifference): Location {
  const merged: Record<string, unknown> = { ...at, ...difference };
  for (const key in difference) if (difference[key] === null) delete merged[key];
  return merged as unknown as Location;
}

function differenceOf(at: Location, place: Location): PlaceDifference {
  const difference: Record<string, Json> = {};
  for (const key in place) {
    const value = place[key as keyof Location];
    if (value !== undefined && !isSame(at[key as keyof Location], value)) difference[key] = value;
  }
  for (const key in at) if (place[key as keyof Location] === undefined) difference[key] = null;
  return difference;
}

function isSame(a: Location[keyof Location], b: Location[keyof Location]): boolean {
  return a === b || (Array.isArray(a) && Array.isArray(b) && a.join('\n') === b.join('\n'));
}

type Check = (value: unknown) => boolean;

/** What a place has, and what it may have. */
const NEEDED: Readonly<Record<string, Check>> = {
  collector: isText,
  path: isText,
  startLine: Number.isSafeInteger,
  startColumn: Number.isSafeInteger,
  endLine: Number.isSafeInteger,
  endColumn: Number.isSafeInteger,
};
const OPTIONAL: Readonly<Record<string, Check>> = {
  part: isText,
  repository: isText,
  commit: isId,
  blob: isId,
  author: isText,
  date: isText,
  url: isText,
  exposure: isText,
  reachable: isFlag,
  present: isFlag,
  decoded: isTexts,
};

function isPlace(value: unknown): value is Location {
  if (!isRecord(value) || !Object.keys(NEEDED).every((key) => key in value)) return false;
  return Object.keys(value).every((key) => (NEEDED[key] ?? OPTIONAL[key])?.(value[key]) === true);
}

function isDifference(value: unknown): value is PlaceDifference {
  if (!isRecord(value)) return false;
  for (const key in value) {
    const isRight = (value[key] === null ? OPTIONAL[key] && isNull : (NEEDED[key] ?? OPTIONAL[key]))?.(value[key]);
    if (isRight !== true) return false;
  }
  return true;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isNull(value: unknown): value is null {
  return value === null;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(value);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
