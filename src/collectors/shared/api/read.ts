import { isObject } from '../../../clients/shared/shape.ts';
import type { Failed, NextPage, Reply } from '../../../clients/shared/transport.ts';
import { defined } from '../../../lib/fields/defined.ts';
import type { Gap, GapReason } from '../../../model/gap.ts';
import type { Json } from '../../../model/json.ts';
import { type Endpoint, type Parameters, pathOf } from './endpoint.ts';
import { requestOf } from './replay.ts';
import { type ApiUnit, tally } from './run.ts';

/** What was read from an endpoint. `whole` is false if anything is missing. */
export interface Entries<T> {
  readonly entries: readonly T[];
  readonly whole: boolean;
  /** Status of the answer that ended reading early. */
  readonly status?: number;
}

/** How an endpoint is read in one place. */
export interface ReadOptions {
  /** The place, for messages: `acme`, `acme/app`. */
  readonly subject: string;
  /**
   * True if the denial of a core endpoint loses the whole scope, because there is no other place from which to read it.
   */
  readonly only: boolean;
  /** Message for a 404 that most likely means a wrong name. */
  readonly missing?: string;
  /** Most pages, where they are fewer than the limit of the run. */
  readonly pages?: number;
}

const UNIT = 'requests';
const NOTHING: Entries<never> = { entries: [], whole: false };

/**
 * Reads all pages of an endpoint. Every request is planned, and ends as done, skip or gap in the unit. Never throws
 * because of an answer.
 */
export async function readEntries<T>(
  unit: ApiUnit,
  endpoint: Endpoint<T>,
  parameters: Parameters,
  options: ReadOptions,
): Promise<Entries<T>> {
  if (leaveOut(unit, endpoint, options.subject)) return NOTHING;
  const entries: T[] = [];
  const asked = new Set<string>();
  let path: string | undefined = pathOf(endpoint, parameters, unit.run.pageSize);
  let whole = true;
  while (path !== undefined) {
    asked.add(path);
    plan(unit, endpoint, 1);
    const reply: Reply = await unit.run.transport.get(path);
    if (reply.state === 'failed') {
      await recordFailure(unit, path, reply);
      return fail(unit, endpoint, options, reply, entries);
    }
    const page = readPage(endpoint, reply.body);
    entries.push(...page.entries.filter((entry) => entry !== undefined));
    await record(unit, endpoint, path, reply, page.entries);
    whole = settle(unit, endpoint, options, page, reply.bytes) && whole;
    const next = nextPath(unit, endpoint, options, reply.next, asked);
    whole &&= next.whole;
    path = next.path;
  }
  tally(unit, endpoint, 'read');
  return { entries, whole };
}

/** Reads an endpoint that answers with one object. */
export async function readOne<T>(
  unit: ApiUnit,
  endpoint: Endpoint<T>,
  parameters: Parameters,
  options: ReadOptions,
): Promise<{ readonly entry?: T; readonly status?: number }> {
  const { entries, status } = await readEntries(unit, endpoint, parameters, options);
  const [entry] = entries;
  return defined({ entry, status });
}

/** Adds to the plan of an endpoint's scope. */
export function plan(unit: ApiUnit, endpoint: Endpoint<unknown>, count: number): void {
  unit.collected.push({ kind: 'plan', scope: endpoint.id, unit: UNIT, count });
}

/** Leaves an endpoint out on purpose: it is planned and shown as skipped. */
export function skip(unit: ApiUnit, endpoint: Endpoint<unknown>, subject: string): void {
  plan(unit, endpoint, 1);
  unit.collected.push({ kind: 'skip', scope: endpoint.id, skip: { reason: 'excluded', subject } });
}

/** Adds a gap to an endpoint's scope. */
export function gap(
  unit: ApiUnit,
  endpoint: Endpoint<unknown>,
  reason: GapReason,
  subject: string,
  message: string,
): void {
  addGap(unit, endpoint, { reason, subject, message });
}

function addGap(unit: ApiUnit, endpoint: Endpoint<unknown>, gap: Gap): void {
  unit.collected.push({ kind: 'gap', scope: endpoint.id, gap });
}

function leaveOut(unit: ApiUnit, endpoint: Endpoint<unknown>, subject: string): boolean {
  if (unit.run.skipped.has(endpoint.id)) {
    skip(unit, endpoint, subject);
    return true;
  }
  return unit.run.closed.has(endpoint.id);
}

function fail<T>(
  unit: ApiUnit,
  endpoint: Endpoint<T>,
  options: ReadOptions,
  failed: Failed,
  entries: readonly T[],
): Entries<T> {
  const { status } = failed;
  const result = { entries, whole: false, ...defined({ status }) };
  if (status === 404 && endpoint.mayBeAbsent === true) {
    unit.collected.push({ kind: 'done', scope: endpoint.id, count: 1, bytes: 0 });
    return result;
  }
  const missing = status === 404 && options.missing !== undefined;
  const reason = missing ? 'not-found' : failed.reason;
  if (reason === 'denied') tally(unit, endpoint, 'denied');
  const message = missing ? `${options.missing}` : explain(endpoint, options, failed);
  const scope = endpoint.level === 'core' && options.only ? { scope: true } : {};
  addGap(unit, endpoint, { reason, subject: `${options.subject} ${endpoint.id}`, message, ...scope });
  return result;
}

function explain(endpoint: Endpoint<unknown>, options: ReadOptions, failed: Failed): string {
  const needs = failed.reason === 'denied' && failed.status !== 401 ? ` It needs ${endpoint.needs}.` : '';
  return `${endpoint.id} (${options.subject}) not read: ${failed.detail}.${needs} Lost: ${endpoint.without}.`;
}

interface Page<T> {
  /** Undefined for an entry of an unknown shape. */
  readonly entries: readonly (T | undefined)[];
  /** What is wrong with the page as a whole, if anything. */
  readonly problem?: string;
}

function readPage<T>(endpoint: Endpoint<T>, body: unknown): Page<T> {
  if (endpoint.form === 'body') return { entries: [endpoint.shape.read(body)] };
  const listed = endpoint.form === 'list' ? body : isObject(body) ? body[endpoint.form] : undefined;
  if (!Array.isArray(listed)) return { entries: [], problem: 'the answer is not a list' };
  const read = listed.map((entry) => endpoint.shape.read(entry));
  return { entries: read.filter((entry) => entry === undefined || endpoint.keep?.(entry) !== false) };
}

/** Counts the request as done, or as a gap if a part of the answer has an unknown shape. */
function settle<T>(unit: ApiUnit, endpoint: Endpoint<T>, options: ReadOptions, page: Page<T>, bytes: number): boolean {
  const unknown = page.entries.filter((entry) => entry === undefined).length;
  if (unknown === 0 && page.problem === undefined) {
    unit.collected.push({ kind: 'done', scope: endpoint.id, count: 1, bytes });
    return true;
  }
  const what = page.problem ?? `${unknown} of ${page.entries.length} entries have an unknown shape`;
  const message = `${endpoint.id} (${options.subject}): ${what}; that part was not read. Lost: ${endpoint.without}.`;
  gap(unit, endpoint, 'malformed', `${options.subject} ${endpoint.id}`, message);
  return false;
}

function nextPath(
  unit: ApiUnit,
  endpoint: Endpoint<unknown>,
  options: ReadOptions,
  next: NextPage | undefined,
  asked: ReadonlySet<string>,
): { readonly path?: string; readonly whole: boolean } {
  if (next === undefined) return { whole: true };
  const limit = Math.min(options.pages ?? Number.POSITIVE_INFINITY, unit.run.context.limits.pages);
  const problem =
    next === 'foreign' || asked.has(next.path)
      ? 'the next page is not below the API’s address or was read already'
      : undefined;
  if (problem === undefined && asked.size < limit && next !== 'foreign') return { path: next.path, whole: true };
  plan(unit, endpoint, 1);
  const message = `${endpoint.id} (${options.subject}): ${problem ?? `more than ${limit} pages`}; the rest was not read.`;
  gap(unit, endpoint, problem === undefined ? 'limit' : 'malformed', `${options.subject} ${endpoint.id}`, message);
  return { whole: false };
}

/** Records what was understood of an answer and nothing else. */
async function record<T>(
  unit: ApiUnit,
  endpoint: Endpoint<T>,
  path: string,
  reply: Extract<Reply, { state: 'ok' }>,
  entries: readonly (T | undefined)[],
): Promise<void> {
  const stored = entries.map((entry) =>
    entry === undefined ? null : (endpoint.store?.(entry) ?? entry),
  ) as unknown as Json[];
  const listed = endpoint.form === 'list' ? stored : { [endpoint.form]: stored };
  const body: Json = endpoint.form === 'body' ? (stored[0] ?? null) : listed;
  const next = reply.next === undefined || reply.next === 'foreign' ? {} : { next: requestOf(reply.next.path) };
  await unit.run.recorder?.write({ request: requestOf(path), status: reply.status, ...next, body });
}

/** Records a denial. It is a fact about the token, so reading the dump reports the same gap. */
async function recordFailure(unit: ApiUnit, path: string, failed: Failed): Promise<void> {
  if (failed.status === undefined || failed.reason === 'rate-limited') return;
  await unit.run.recorder?.write({ request: requestOf(path), status: failed.status, body: null });
}
