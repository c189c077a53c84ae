import type { Json } from '../../model/json.ts';
import { defineCheck } from '../contract.ts';
import { checksumOutcome, FAILURE_OPTION } from '../shared/checksum-outcome.ts';
import { ByteReader, decodeBase64, isObject } from '../shared/decode.ts';
import { isoFromSeconds } from '../shared/iso-date.ts';
import { listSome } from '../shared/list-some.ts';

const PREFIX_LENGTH = 'pypi-'.length;
const VERSION = 2;
const FIELD_LOCATION = 1;
const FIELD_IDENTIFIER = 2;
const PACKETS_MOST = 64;

/** PyPI tokens are macaroons (libmacaroons binary format, version 2): location, identifier, caveats, signature. */
export default defineCheck({
  id: 'pypi-macaroon',
  title: 'Index and caveats in PyPI tokens',
  applies: 'named',
  reads: 'value',
  options: FAILURE_OPTION,
  facts: ['index', 'scope', 'projects', 'expiresAt', 'expired'],
  evaluate(input) {
    const fields = readFields(decodeBase64(input.value.slice(PREFIX_LENGTH)));
    const index = fields?.location;
    if (fields === undefined || index === undefined) return checksumOutcome(input, false, 'The macaroon');
    return checksumOutcome(input, true, 'The macaroon', { index, ...readCaveats(fields.caveats, input.now) });
  },
});

interface Fields {
  readonly location: string | undefined;
  readonly caveats: readonly string[];
}

/** Reads type, length and bytes up to the end; the first identifier is the token's own, the others are caveats. */
function readFields(bytes: Buffer | undefined): Fields | undefined {
  if (bytes === undefined) return undefined;
  const reader = new ByteReader(bytes);
  if (reader.uint8() !== VERSION) return undefined;
  let location: string | undefined;
  const identifiers: string[] = [];
  for (let packet = 0; packet < PACKETS_MOST && reader.left > 0; packet++) {
    const type = reader.uint8();
    if (type === undefined || type === 0) continue;
    const data = reader.take(readVarint(reader));
    if (data === undefined) break;
    if (type === FIELD_LOCATION && location === undefined) location = data.toString('latin1');
    if (type === FIELD_IDENTIFIER) identifiers.push(data.toString('utf8'));
  }
  return /^[\w.-]{3,100}$/.test(location ?? '') ? { location, caveats: identifiers.slice(1) } : undefined;
}

function readVarint(reader: ByteReader): number {
  let value = 0;
  for (let shift = 0; shift <= 21; shift += 7) {
    const byte = reader.uint8() ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  return -1;
}

/**
 * Caveats are JSON: `{"permissions": "user"}` or `{"permissions": {"projects": []}}` once, numbered lists since 2023.
 */
function readCaveats(caveats: readonly string[], now: Date): Readonly<Record<string, Json>> {
  let facts: Record<string, Json> = { scope: 'user' };
  for (const caveat of caveats) facts = { ...facts, ...readCaveat(parseJson(caveat), now) };
  return facts;
}

function readCaveat(caveat: unknown, now: Date): Readonly<Record<string, Json>> {
  if (Array.isArray(caveat)) return readNumbered(caveat, now);
  const permissions = isObject(caveat) ? caveat['permissions'] : undefined;
  return isObject(permissions) ? projects(permissions['projects']) : {};
}

function readNumbered([tag, first]: readonly unknown[], now: Date): Readonly<Record<string, Json>> {
  if (tag === 1) return projects(first);
  if (tag === 2) return { scope: 'project' };
  const expiresAt = tag === 0 ? isoFromSeconds(first) : undefined;
  return expiresAt === undefined ? {} : { expiresAt, expired: Date.parse(expiresAt) < now.getTime() };
}

function projects(names: unknown): Readonly<Record<string, Json>> {
  if (!Array.isArray(names)) return { scope: 'project' };
  const known = names.filter((name): name is string => typeof name === 'string');
  return { scope: 'project', projects: listSome(known) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
