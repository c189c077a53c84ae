import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { defined } from '../../../lib/fields/defined.ts';
import { readTreeFile } from '../../../lib/files/tree-file.ts';
import { errorCode } from '../../../lib/files/walk.ts';
import type { Json } from '../../../model/json.ts';
import type { Location } from '../../../model/location.ts';
import type { Declared } from '../contract.ts';
import { isDeclared } from './declared.ts';
import { isKnownGap, type KnownGap } from './known-gaps.ts';
import { areHolders, arePacked, isTexts, type PackedPlaces, PlacePacker, unpackPlaces } from './packed-places.ts';
import { areChecks, CheckPacker, isPackedMatch, type KnownMatch, type PackedMatch, unpackMatch } from './recall.ts';

/** Of the format below, and of what incremental runs take over from earlier ones. */
const FORMAT = 2;
/** Bytes; a state of a million places has some tens of megabytes. */
const LARGEST = 256 * 1024 * 1024;

/** A place that is read again, and further places of the same secret in other versions of the file. */
export interface PlaceGroup {
  readonly rule: string;
  readonly at: Location;
  readonly copies: readonly Location[];
  /** What was found out about the match at `at`; absent: it has to be looked at again. */
  readonly known?: KnownMatch;
}

/**
 * What a complete run leaves for the next one. Holds no value of a secret: what was found is read again at its place.
 */
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
  const read = readTreeFile(file, LARGEST);
  if (read.state === 'absent') return { problem: `there is no state of an earlier scan at ${file}` };
  if (read.state !== 'read') {
    return { problem: `the state ${file} cannot be read (${read.state === 'unreadable' ? read.code : read.state})` };
  }
  const state = parseState(read.bytes.toString('utf8'));
  if (state === undefined) return { problem: `the state ${file} is damaged or of another version` };
  if (state.settings === settings) return { state };
  // What was found then still tells which findings are new.
  return { state: { ...state, checkpoint: null }, problem: 'rules, options or the version of bowerbird changed' };
}

/**
 * Writes a state whole or not at all. Returns why it cannot be written, or an empty text. Nothing else is to be done
 * meanwhile.
 */
export function writeState(file: string, state: Omit<State, 'format'>): string {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  const [packer, checker] = [new PlacePacker(), new CheckPacker()];
  const groups = state.groups.map(({ rule, at, copies, known }) => {
    const group = { rule, places: packer.pack([at, ...copies]) };
    return known === undefined ? group : { ...group, known: checker.pack(known) };
  });
  const { holders } = packer;
  const text = JSON.stringify({ format: FORMAT, ...state, holders, checks: checker.checks, groups });
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, text, { mode: 0o600 });
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
    const written: unknown = JSON.parse(text);
    if (!isWritten(written)) return undefined;
    const { holders, checks, groups: packed, ...state } = written;
    const groups: PlaceGroup[] = [];
    for (const { rule, places, known: match } of packed) {
      const [at, ...copies] = unpackPlaces(places, holders) ?? [];
      const known = match && unpackMatch(match, checks);
      if (at === undefined || (match !== undefined && known === undefined)) return undefined;
      groups.push({ rule, at, copies, ...defined({ known }) });
    }
    return { ...state, groups };
  } catch {
    return undefined;
  }
}

/** A state as it is written. */
interface WrittenState extends Omit<State, 'groups'> {
  readonly holders: Parameters<typeof unpackPlaces>[1];
  readonly checks: Parameters<typeof unpackMatch>[1];
  readonly groups: readonly WrittenGroup[];
}

/** The place of the group, then those of its copies. */
interface WrittenGroup {
  readonly rule: string;
  readonly places: PackedPlaces;
  readonly known?: PackedMatch;
}

function isWritten(value: unknown): value is WrittenState {
  if (!isRecord(value) || value['format'] !== FORMAT) return false;
  const { settings, scanned, findings, groups, holders, checks } = value;
  if (typeof settings !== 'string' || typeof scanned !== 'string' || Number.isNaN(Date.parse(scanned))) return false;
  const { gaps = [], declared = [] } = value;
  if (!Array.isArray(gaps) || !gaps.every(isKnownGap)) return false;
  if (!Array.isArray(declared) || !declared.every(isDeclared)) return false;
  if (!areChecks(checks)) return false;
  if (!areHolders(holders) || !Array.isArray(groups) || !groups.every(isGroup)) return false;
  return isTexts(findings) && 'checkpoint' in value;
}

function isGroup(value: unknown): value is WrittenGroup {
  if (!isRecord(value) || typeof value['rule'] !== 'string' || !arePacked(value['places'])) return false;
  return value['known'] === undefined || isPackedMatch(value['known']);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
