import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readTreeFile } from '../../lib/files/tree-file.ts';
import { errorCode } from '../../lib/files/walk.ts';
import { UsageError } from '../../model/errors.ts';
import type { Json } from '../../model/json.ts';

/** The file that marks a folder as a dump. */
export const MANIFEST_FILE = 'dump.json';

const VERSION = 1;
const MANIFEST_BYTES = 64 * 1024;
/**
 * Largest answer that is read, in bytes. A page of an API is far smaller; the IAM policies of a whole account are tens
 * of megabytes.
 */
const ANSWER_BYTES = 256 * 1024 * 1024;
/** Most answers that are read from one dump. */
const ANSWERS = 200_000;
const DEEPEST_JSON = 64;
const NAME_LENGTH = 120;
const HASH_LENGTH = 12;
const [QUOTE, BACKSLASH] = [34, 92];
const [SQUARE, END_OF_SQUARE, CURLY, END_OF_CURLY] = [91, 93, 123, 125];

/** The content of `dump.json`. */
export interface DumpManifest {
  /** Id of the collector that wrote the dump and can read it. */
  readonly collector: string;
  readonly version: 1;
  /** What was read, as the collector names it: `acme`, `acme/app`, an account. */
  readonly target: string;
  /** ISO 8601, UTC. */
  readonly recordedAt: string;
  /** Further facts that a collector needs to read its own dump in the same way. Never secrets. */
  readonly facts?: Readonly<Record<string, string>>;
}

/** One answer of an API: the request as text (`GET /orgs/acme/hooks?per_page=100`), and the answer. */
export interface RecordedAnswer {
  readonly request: string;
  readonly status: number;
  /** The request for the next page, if there is one. */
  readonly next?: string;
  readonly body: Json;
}

/** The result of looking up a file of a dump. Messages of `corrupt` name the file. */
export type DumpRead<T> =
  | { readonly state: 'ok'; readonly value: T; readonly bytes: number }
  | { readonly state: 'missing' }
  | { readonly state: 'corrupt'; readonly message: string };

/** An open dump. */
export interface Dump {
  readonly folder: string;
  readonly manifest: DumpManifest;
  /** Returns the recorded answer of a request. */
  answer(request: string): Promise<DumpRead<RecordedAnswer>>;
  /** Reads a JSON file of the dump by its plain name (no folders). For dumps that other tools make. */
  file(name: string): Promise<DumpRead<Json>>;
  /** Names of everything in the folder, in no particular order. Empty if it cannot be listed. */
  names(): Promise<readonly string[]>;
}

/** Writes a dump. */
export interface DumpWriter {
  write(answer: RecordedAnswer): Promise<void>;
}

/**
 * Reads the `dump.json` of a folder. Throws `UsageError` that names the file if it is missing, too large, no JSON, of
 * another version, or lacks a field.
 */
export async function readDumpManifest(folder: string): Promise<DumpManifest> {
  const file = join(folder, MANIFEST_FILE);
  const read = await readJson(file, MANIFEST_BYTES);
  if (read.state === 'missing') {
    throw new UsageError(`${file} cannot be read. A dump is a folder that holds ${MANIFEST_FILE}.`);
  }
  if (read.state === 'corrupt') throw new UsageError(read.message);
  return toManifest(file, read.value);
}

/** Opens a dump for reading. Throws `UsageError` as `readDumpManifest` does. */
export async function openDump(folder: string): Promise<Dump> {
  const root = resolve(folder);
  const manifest = await readDumpManifest(root);
  let reads = 0;
  const read = async (name: string): Promise<DumpRead<Json>> => {
    reads += 1;
    const file = join(root, name);
    return reads > ANSWERS ? corrupt(file, `is one of more than ${ANSWERS} answers`) : readJson(file, ANSWER_BYTES);
  };
  const file = async (name: string): Promise<DumpRead<Json>> => (isPlainName(name) ? read(name) : { state: 'missing' });
  const answer = async (request: string): Promise<DumpRead<RecordedAnswer>> => {
    const name = answerFileName(request);
    return toAnswer(join(root, name), request, await read(name));
  };
  const names = (): Promise<readonly string[]> => readdir(root).catch(() => []);
  return { folder: root, manifest, answer, file, names };
}

/**
 * Starts a dump in a new or empty folder and writes `dump.json`. Throws `UsageError` if the folder holds anything,
 * because two mixed recordings would give an inventory that never existed. Only the owner can read the files.
 */
export async function createDump(folder: string, manifest: DumpManifest): Promise<DumpWriter> {
  const root = resolve(folder);
  await makeEmptyFolder(root, folder);
  await writeJson(join(root, MANIFEST_FILE), manifest as unknown as Json);
  return {
    write: (answer) => writeJson(join(root, answerFileName(answer.request)), answer as unknown as Json),
  };
}

/**
 * Returns the name of the file for the answer of a request: its readable characters, then a hash of the whole request.
 * So no two requests share a file on any file system, and no request can name a file outside of the dump.
 */
export function answerFileName(request: string): string {
  const readable = request
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, NAME_LENGTH);
  return `${readable}-${createHash('sha256').update(request).digest('hex').slice(0, HASH_LENGTH)}.json`;
}

async function makeEmptyFolder(root: string, shown: string): Promise<void> {
  try {
    await mkdir(root, { recursive: true, mode: 0o700 });
    const entries = await readdir(root);
    if (entries.length === 0) return;
  } catch (error) {
    throw new UsageError(`The folder ${shown} for the recording cannot be made (${errorCode(error)}).`);
  }
  throw new UsageError(`The folder ${shown} for the recording is not empty. Name a new folder.`);
}

async function writeJson(file: string, value: Json): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 1)}\n`, { mode: 0o600 });
}

function isPlainName(name: string): boolean {
  return /^[A-Za-z0-9][\w.-]*$/.test(name);
}

function toManifest(file: string, value: Json): DumpManifest {
  if (!isObject(value)) throw new UsageError(`${file} is not a JSON object. It must say {"collector": ..., ...}.`);
  if (value['version'] !== VERSION) {
    throw new UsageError(
      `${file} has version ${JSON.stringify(value['version'])}; this release reads version ${VERSION}.`,
    );
  }
  const text = (name: string): string => {
    const field = value[name];
    if (typeof field === 'string' && field !== '') return field;
    throw new UsageError(
      `${file} lacks "${name}". Write {"collector", "version": 1, "target", "recordedAt"}, all texts.`,
    );
  };
  const facts = isObject(value['facts']) ? Object.entries(value['facts']).filter(isTextEntry) : [];
  const manifest = { collector: text('collector'), target: text('target'), recordedAt: text('recordedAt') };
  return { ...manifest, version: VERSION, ...(facts.length === 0 ? {} : { facts: Object.fromEntries(facts) }) };
}

function isTextEntry(entry: [string, Json]): entry is [string, string] {
  return typeof entry[1] === 'string';
}

function toAnswer(file: string, request: string, read: DumpRead<Json>): DumpRead<RecordedAnswer> {
  if (read.state !== 'ok') return read;
  const { value, bytes } = read;
  if (!isObject(value) || typeof value['status'] !== 'number') return corrupt(file, 'is not a recorded answer');
  if (value['request'] !== request) return corrupt(file, `does not answer ${request}`);
  const { status, next, body = null } = value;
  const answer = { request, status, body, ...(typeof next === 'string' ? { next } : {}) };
  return { state: 'ok', value: answer, bytes };
}

function corrupt(file: string, problem: string): Extract<DumpRead<never>, { state: 'corrupt' }> {
  return { state: 'corrupt', message: `${file} ${problem}` };
}

async function readJson(file: string, limit: number): Promise<DumpRead<Json>> {
  const read = readText(file, limit);
  if (read.state !== 'ok') return read;
  if (depthOf(read.value) > DEEPEST_JSON) return corrupt(file, `is nested more than ${DEEPEST_JSON} deep`);
  try {
    return { ...read, value: JSON.parse(read.value) as Json };
  } catch (error) {
    // Keeps only the position. The parser's message quotes the text around it, and a dump may hold what a log must not.
    const place = error instanceof Error ? /position \d+/.exec(error.message)?.[0] : undefined;
    return corrupt(file, `is not valid JSON${place === undefined ? '' : ` (at ${place})`}`);
  }
}

function readText(file: string, limit: number): DumpRead<string> {
  const read = readTreeFile(file, limit);
  switch (read.state) {
    case 'read':
      return { state: 'ok', value: read.bytes.toString('utf8'), bytes: read.bytes.length };
    case 'absent':
      return { state: 'missing' };
    case 'too-large':
      return corrupt(file, `has ${read.size} bytes, more than ${limit}`);
    case 'unreadable':
      return corrupt(file, `cannot be read (${read.code})`);
    default:
      return corrupt(file, 'is not a regular file');
  }
}

/** Returns the depth of brackets outside of texts, without building anything. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfText(text, at);
    else if (code === SQUARE || code === CURLY) depth += 1;
    else if (code === END_OF_SQUARE || code === END_OF_CURLY) depth -= 1;
    if (depth > deepest) deepest = depth;
  }
  return deepest;
}

/** Where the text ends that begins at a quote. */
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
