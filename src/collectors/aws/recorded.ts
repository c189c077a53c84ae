import { UsageError } from '../../model/errors.ts';
import type { Gap } from '../../model/gap.ts';
import type { Json } from '../../model/json.ts';
import { compareText } from '../../model/location.ts';
import type { Collected } from '../contract.ts';
import { type Dump, type DumpRead, openDump } from '../shared/recording.ts';
import type { Endpoint } from './endpoint.ts';
import { ENDPOINTS } from './endpoints.ts';
import { type JsonRecord, recordOf } from './json.ts';
import { RESOURCE_ENDPOINTS } from './resource-endpoints.ts';
import type { NamedAnswer, ResourceAnswers } from './resource-policies.ts';
import { findTruncated, type Page } from './truncated.ts';

/** Most files that are read for one kind of answer. */
const MOST_PARTS = 100_000;

/** Answers by endpoint, and what the ledger must show. */
export interface Recording {
  readonly account: string;
  readonly pages: Readonly<Record<keyof typeof ENDPOINTS, readonly JsonRecord[]>>;
  readonly resources: ResourceAnswers;
  readonly ledger: readonly Collected[];
}

/** The same, with the dump in which answers about keys are read by their id. */
export type OpenRecording = Recording & { readonly dump: Dump };

/**
 * Reads the pages of every endpoint but that of the last uses, which are read by key id. Throws `UsageError` without a
 * manifest.
 */
export async function readRecording(folder: string, signal?: AbortSignal): Promise<OpenRecording> {
  const dump = await openDump(folder);
  const account = dump.manifest.target;
  if (!/^\d{12}$/.test(account)) {
    throw new UsageError(
      `${dump.folder}/dump.json: "target" is ${JSON.stringify(account)}; write the account id, 12 digits.`,
    );
  }
  const ledger: Collected[] = [];
  const names = await dump.names();
  const read = async (endpoint: Endpoint): Promise<readonly JsonRecord[]> => {
    if (signal?.aborted === true) return [];
    const answers = await readPages(dump, names, endpoint);
    ledger.push(...answers.ledger);
    return answers.pages;
  };
  const pages = {
    details: await read(ENDPOINTS.details),
    report: await read(ENDPOINTS.report),
    summary: await read(ENDPOINTS.summary),
    keys: await read(ENDPOINTS.keys),
    lastUsed: [],
    oidc: await read(ENDPOINTS.oidc),
    secrets: await read(ENDPOINTS.secrets),
    accountAccess: await read(ENDPOINTS.accountAccess),
  };
  const named = async (endpoint: Endpoint): Promise<readonly NamedAnswer[]> => {
    if (signal?.aborted === true) return [];
    const answers = await readNamed(dump, names, endpoint);
    ledger.push(...answers.ledger);
    return answers.named;
  };
  const resources = {
    account: pages.accountAccess,
    bucketPolicy: await named(RESOURCE_ENDPOINTS.bucketPolicy),
    bucketAccess: await named(RESOURCE_ENDPOINTS.bucketAccess),
    bucketAcl: await named(RESOURCE_ENDPOINTS.bucketAcl),
    keyPolicy: await named(RESOURCE_ENDPOINTS.keyPolicy),
    secretPolicy: await named(RESOURCE_ENDPOINTS.secretPolicy),
    queue: await named(RESOURCE_ENDPOINTS.queue),
    topic: await named(RESOURCE_ENDPOINTS.topic),
    functionPolicy: await named(RESOURCE_ENDPOINTS.functionPolicy),
    repositoryPolicy: await named(RESOURCE_ENDPOINTS.repositoryPolicy),
  };
  return { account, pages, resources, ledger, dump };
}

/** One file of an endpoint. The plain name has the number 0. */
interface Part {
  readonly name: string;
  readonly number: number;
}

interface Answers {
  readonly pages: readonly JsonRecord[];
  readonly ledger: readonly Collected[];
}

/** `<file>.json` and every `<file>-<number>.json` that is there, in order. */
async function readPages(dump: Dump, names: readonly string[], endpoint: Endpoint): Promise<Answers> {
  const scope = endpoint.needs;
  const parts = partsOf(endpoint, names);
  if (parts.length === 0) {
    return { pages: [], ledger: endpoint.optional === true ? [] : [gapItem(scope, missing(endpoint))] };
  }
  const pages: Page[] = [];
  const items: Collected[] = [];
  for (const { name } of parts.slice(0, MOST_PARTS)) {
    const read = await dump.file(name);
    items.push({ kind: 'plan', scope, unit: 'answers', count: 1 });
    const page = read.state === 'ok' ? recordOf(read.value) : {};
    const problem = read.state === 'ok' ? wrongAnswer(endpoint, name, page) : unread(name, read);
    pages.push({ name, answer: page });
    if (problem !== undefined) items.push(gapItem(scope, problem));
    else if (read.state === 'ok') items.push({ kind: 'done', scope, count: 1, bytes: read.bytes });
  }
  const gaps = [findHole(endpoint, parts), tooMany(endpoint, parts), ...findTruncated(endpoint, pages)];
  for (const gap of gaps) if (gap !== undefined) items.push(gapItem(scope, gap));
  return { pages: pages.map(({ answer }) => answer), ledger: items };
}

/** `<file>-<name>.json`, one for each resource, in the order of the names. */
async function readNamed(
  dump: Dump,
  names: readonly string[],
  endpoint: Endpoint,
): Promise<{ readonly named: readonly NamedAnswer[]; readonly ledger: readonly Collected[] }> {
  const scope = endpoint.needs;
  const prefix = `${endpoint.file}-`;
  const files = names.filter((name) => name.startsWith(prefix) && name.endsWith('.json')).sort(compareText);
  const named: NamedAnswer[] = [];
  const ledger: Collected[] = [];
  for (const file of files.slice(0, MOST_PARTS)) {
    const read = await dump.file(file);
    ledger.push({ kind: 'plan', scope, unit: 'answers', count: 1 });
    const answer = read.state === 'ok' ? recordOf(read.value) : {};
    const problem = read.state === 'ok' ? wrongAnswer(endpoint, file, answer) : unread(file, read);
    if (problem !== undefined) ledger.push(gapItem(scope, problem));
    else if (read.state === 'ok') ledger.push({ kind: 'done', scope, count: 1, bytes: read.bytes });
    named.push({ name: file.slice(prefix.length, -'.json'.length), answer });
  }
  const gap = tooMany(endpoint, files);
  return { named, ledger: gap === undefined ? ledger : [...ledger, gapItem(scope, gap)] };
}

function partsOf({ file }: Endpoint, names: readonly string[]): readonly Part[] {
  const parts = names.flatMap((name) => {
    if (!name.startsWith(file)) return [];
    const number = /^(?:-(\d{1,9}))?\.json$/.exec(name.slice(file.length));
    return number === null ? [] : [{ name, number: Number(number[1] ?? 0) }];
  });
  return parts.sort((a, b) => a.number - b.number || compareText(a.name, b.name));
}

function unread(name: string, read: DumpRead<Json>): Gap {
  const message = read.state === 'corrupt' ? read.message : `${name} is gone`;
  return { reason: 'corrupt', subject: name, message };
}

function wrongAnswer({ fields, command }: Endpoint, name: string, page: JsonRecord): Gap | undefined {
  if (fields.some((field) => isFilled(page[field]))) return undefined;
  const message = `${name} is no answer of the command that records it: it lacks ${fields.join(', ')}. Record it: ${command}`;
  return { reason: 'corrupt', subject: name, message };
}

/** True if at least one of the fields has content. */
function isFilled(value: Json | undefined): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null);
}

/**
 * Finds a missing file. Numbers go up by one, beginning with the plain name or with 1, so a missing number is a missing
 * answer.
 */
function findHole({ file }: Endpoint, parts: readonly Part[]): Gap | undefined {
  const behind = parts.find(({ number }, index) => number > (parts[index - 1]?.number ?? 0) + 1);
  if (behind === undefined) return undefined;
  const subject = `${file}-${behind.number - 1}.json`;
  return {
    reason: 'not-found',
    subject,
    message: `${subject} is not in the recording, but ${behind.name} is`,
    scope: true,
  };
}

function tooMany({ file }: Endpoint, parts: readonly unknown[]): Gap | undefined {
  if (parts.length <= MOST_PARTS) return undefined;
  const message = `${file}: ${parts.length} files, of which the first ${MOST_PARTS} were read`;
  return { reason: 'limit', subject: `${file}.json`, message, scope: true };
}

function gapItem(scope: string, gap: Gap): Collected {
  return { kind: 'gap', scope, gap };
}

function missing({ file, without, command }: Endpoint): Gap {
  const message = `${file}.json is not in the recording: ${without}. Record it: ${command}`;
  return { reason: 'not-found', subject: `${file}.json`, message, scope: true };
}

/**
 * Reads the answer about the last use of one key. Returns nothing if none was recorded, and a gap if it cannot be read.
 */
export async function readLastUse(
  dump: Dump,
  keyId: string,
): Promise<{ readonly use?: JsonRecord; readonly gap?: Collected }> {
  const endpoint = ENDPOINTS.lastUsed;
  const name = `${endpoint.file}-${keyId}.json`;
  const read = await dump.file(name);
  if (read.state === 'missing') return {};
  const page = read.state === 'ok' ? recordOf(read.value) : {};
  const problem = read.state === 'ok' ? wrongAnswer(endpoint, name, page) : unread(name, read);
  if (problem !== undefined) return { gap: gapItem(endpoint.needs, problem) };
  return { use: recordOf(page['AccessKeyLastUsed']) };
}
