import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../../lib/walk.ts';
import type { Json } from '../../model/json.ts';
import type { Location } from '../../model/location.ts';

/** Of the format below, and of what incremental runs take over from earlier ones. */
const FORMAT = 1;

/** A place that is read again, and further places of the same secret in other versions of the file. */
export interface PlaceGroup {
  readonly rule: string;
  readonly at: Location;
  /** What differs from `at`; null: `at` has it and this place has not. */
  readonly copies: readonly PlaceDifference[];
}

export type PlaceDifference = Readonly<Record<string, Json>>;

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
}

/** A state that can be built on, or a sentence that says why there is none. */
export async function readState(file: string, settings: string): Promise<{ state?: State; problem?: string }> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
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

/** Writes a state whole or not at all. Gives why it cannot be written, or an empty text. */
export async function writeState(file: string, state: Omit<State, 'format'>): Promise<string> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(temporary, JSON.stringify({ format: FORMAT, ...state }), { mode: 0o600 });
    await rename(temporary, file);
    return '';
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    return errorCode(error);
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
    return isState(state) ? state : undefined;
  } catch {
    return undefined;
  }
}

function isState(value: unknown): value is State {
  if (!isRecord(value) || value['format'] !== FORMAT) return false;
  const { settings, scanned, findings, groups } = value;
  if (typeof settings !== 'string' || typeof scanned !== 'string' || Number.isNaN(Date.parse(scanned))) return false;
  return isTexts(findings) && Array.isArray(groups) && groups.every(isGroup) && 'checkpoint' in value;
}

function isGroup(value: unknown): value is PlaceGroup {
  if (!isRecord(value) || typeof value['rule'] !== 'string' || !Array.isArray(value['copies'])) return false;
  const { at } = value;
  return isPlace(at) && value['copies'].every((copy) => isRecord(copy) && isPlace(applyDifference(at, copy)));
}

/** The place that differs so from another one. Not checked: `isState` has looked at it. */
export function applyDifference(at: Location, difference: Readonly<Record<string, unknown>>): Location {
  const merged: Record<string, unknown> = { ...at, ...difference };
  for (const key in difference) if (merged[key] === null) delete merged[key];
  return merged as unknown as Location;
}

/** What of a place differs from another one. */
export function differenceOf(at: Location, place: Location): PlaceDifference {
  const keys = new Set([...Object.keys(at), ...Object.keys(place)]) as Set<keyof Location>;
  const difference: Record<string, Json> = {};
  for (const key of keys) {
    if (!isSame(at[key], place[key])) difference[key] = place[key] ?? null;
  }
  return difference;
}

function isSame(a: Location[keyof Location], b: Location[keyof Location]): boolean {
  return a === b || (Array.isArray(a) && Array.isArray(b) && a.join('\n') === b.join('\n'));
}

const TEXTS = ['collector', 'path'] as const;
const MAYBE_TEXTS = ['part', 'repository', 'commit', 'blob', 'author', 'date', 'url', 'exposure'] as const;
const COUNTS = ['startLine', 'startColumn', 'endLine', 'endColumn'] as const;
const MAYBE_FLAGS = ['reachable', 'present'] as const;

function isPlace(value: unknown): value is Location {
  if (!isRecord(value)) return false;
  const is = (type: string, key: string): boolean => typeof value[key] === type;
  const isOptional = (type: string, key: string): boolean => value[key] === undefined || is(type, key);
  const { commit, blob, decoded } = value;
  return (
    TEXTS.every((key) => is('string', key)) &&
    COUNTS.every((key) => Number.isSafeInteger(value[key])) &&
    MAYBE_TEXTS.every((key) => isOptional('string', key)) &&
    MAYBE_FLAGS.every((key) => isOptional('boolean', key)) &&
    [commit, blob].every((id) => id === undefined || /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(String(id))) &&
    (decoded === undefined || isTexts(decoded))
  );
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
