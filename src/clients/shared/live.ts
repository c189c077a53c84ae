import { defined } from '../../lib/fields/defined.ts';
import { HttpError, type HttpErrorCode } from '../../lib/http/http.ts';
import type { GapReason } from '../../model/gap.ts';
import type { ClientContext, Network } from './context.ts';
import {
  describeStatus,
  type Failed,
  Interrupted,
  type NextPage,
  type Reply,
  reasonOfStatus,
  type Transport,
} from './transport.ts';
import { ClosedLimits, type Headers, Patience, type SpentLimit } from './waiting.ts';

/** Most waits for a rate limit in one request. The budget of the run usually ends them earlier. */
const LIMIT_WAITS = 20;
const LONGEST_DETAIL = 120;

/** Errors for which a retry is useless. */
const FINAL_CODES: ReadonlySet<HttpErrorCode> = new Set<HttpErrorCode>([
  'bad-url',
  'host-not-allowed',
  'insecure',
  'private-address',
  'redirect',
  'too-large',
]);

/** An answer of an API, good or bad. `data`: parsed JSON. Anything but an object or a list counts as no JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly data: unknown;
  /** Where the answer came from, after redirects. */
  readonly url?: string;
}

/** How to ask an API, and what its answers say about rate limits. `R` is a request. */
export interface Asking<R> {
  /** Name of the provider in messages: `GitHub`. */
  readonly provider: string;
  /** Sends one request, with the client's own retries. Throws what the network throws. */
  ask(request: R): Promise<Answer | Failed>;
  /** Returns the milliseconds to wait if the answer reports a rate limit, else undefined. */
  limitWait(answer: Answer): number | undefined;
  /** What a good answer says about the next requests: the limit that it used up, and until when. */
  spent?(answer: Answer): SpentLimit | undefined;
  /** The limit that a request will be counted against. */
  limitOf?(request: R): string;
}

/** One API whose requests are paths, and how to understand its answers. */
export interface Api extends Asking<string> {
  /** Returns where the next page is, according to the answer to `path`. */
  next(answer: Answer, path: string): NextPage | undefined;
  /** Returns the server's own message about a failure. The caller cuts it and makes it printable. */
  said(answer: Answer): string;
}

/**
 * Makes a function that asks and waits for rate limits within the budget of the run (option `max-wait`). It never asks
 * against a limit that an earlier answer said is used up, before that limit ends. It throws `Interrupted` if the run is
 * aborted, and nothing else.
 */
export function createAsker<R>(context: ClientContext, api: Asking<R>): (request: R) => Promise<Answer | Failed> {
  const patience = new Patience(context);
  const closed = new ClosedLimits(context);
  return async (request) => {
    const answer = await askPatiently(context, api, { patience, closed }, request);
    if (context.signal?.aborted === true) throw new Interrupted('aborted');
    return answer;
  };
}

/** Turns an API into a transport: see `createAsker`. */
export function createTransport(context: ClientContext, api: Api): Transport {
  const ask = createAsker(context, api);
  return {
    get: async (path) => {
      assertPath(path);
      const answer = await ask(path);
      if ('state' in answer) return answer;
      return answer.status < 400 ? toReply(api, answer, path) : toFailure(api, answer);
    },
  };
}

/** Sends a GET within the time limit, which the signal of the run can stop. Any other request is a bug. */
export async function fetchBounded(
  context: ClientContext,
  network: Network,
  url: string,
  init: RequestInit,
): Promise<Response> {
  if (init.method !== 'GET' || (init.body ?? undefined) !== undefined) {
    throw new Error('bug: this client only reads, a request other than GET was made');
  }
  return sendBounded(context, network, url, init);
}

/** Sends a request of any kind within the time limit. The caller has checked that it only reads. */
export async function sendBounded(
  context: ClientContext,
  network: Network,
  url: string,
  init: RequestInit,
): Promise<Response> {
  const signals = [AbortSignal.timeout(context.limits.requestTimeout), ...(context.signal ? [context.signal] : [])];
  return network.fetch(url, { ...init, signal: AbortSignal.any(signals) });
}

/** True if a retry would end in the same way. */
export function isFinal(context: ClientContext, error: unknown): boolean {
  return context.signal?.aborted === true || (error instanceof HttpError && FINAL_CODES.has(error.code));
}

function assertPath(path: string): void {
  if (!path.startsWith('/') || path.startsWith('//') || path.includes('/../')) {
    throw new Error(`bug: ${path} is not a path below the base URL`);
  }
}

interface Limits {
  readonly patience: Patience;
  readonly closed: ClosedLimits;
}

async function askPatiently<R>(
  context: ClientContext,
  api: Asking<R>,
  { patience, closed }: Limits,
  request: R,
): Promise<Answer | Failed> {
  const limit = api.limitOf?.(request) ?? '';
  for (let waits = 0; ; waits += 1) {
    if (context.signal?.aborted === true) throw new Interrupted('aborted');
    if (patience.spent || !(await closed.pass(limit, patience))) return limited();
    const answer = await askOnce(api, request);
    if ('state' in answer) return answer;
    const wait = api.limitWait(answer);
    if (wait === undefined) {
      closed.note(api.spent?.(answer));
      return answer;
    }
    if (waits >= LIMIT_WAITS || !(await patience.wait(wait))) return limited();
  }
}

async function askOnce<R>(api: Asking<R>, request: R): Promise<Answer | Failed> {
  try {
    return await api.ask(request);
  } catch (error) {
    return toNoAnswer(api.provider, error);
  }
}

function limited(): Failed {
  const why = 'waiting for more would take longer than the option "max-wait" allows';
  return {
    state: 'failed',
    reason: 'rate-limited',
    status: 429,
    detail: `the token’s rate limit is used up, and ${why}`,
  };
}

function toReply(api: Api, answer: Answer, path: string): Reply {
  const { status, data } = answer;
  if (typeof data !== 'object' || data === null || data instanceof ArrayBuffer) {
    const detail = `${api.provider} answered ${status} with something that is not JSON (a proxy or sign-in page?)`;
    return { state: 'failed', reason: 'malformed', status, detail };
  }
  const next = api.next(answer, path);
  const bytes = Buffer.byteLength(JSON.stringify(data, withBigint));
  return { state: 'ok', status, body: data, bytes, ...defined({ next }) };
}

function withBigint(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

/** Describes an answer that is no success. */
export function toFailure(api: Pick<Api, 'provider' | 'said'>, answer: Answer): Failed {
  const { status } = answer;
  const detail = describeStatus(api.provider, status, printable(api.said(answer)));
  return { state: 'failed', reason: reasonOfStatus(status), status, detail };
}

/** Describes why there was no answer. Rethrows errors that are bugs. */
export function toNoAnswer(provider: string, error: unknown): Failed {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const http = [error, cause].find((candidate) => candidate instanceof HttpError);
  if (http !== undefined) return { state: 'failed', reason: reasonOfCode(http), detail: http.message };
  if (cause instanceof Error && cause.name === 'TimeoutError') {
    return { state: 'failed', reason: 'timeout', detail: `${provider} did not answer in time` };
  }
  if (cause instanceof Error && cause.message.startsWith('bug:')) throw cause;
  return { state: 'failed', reason: 'provider-error', detail: `${provider} could not be reached` };
}

function reasonOfCode(error: HttpError): GapReason {
  if (error.code === 'timeout') return 'timeout';
  return error.code === 'too-large' ? 'limit' : 'provider-error';
}

/** At most 120 printable characters of what a server says. */
export function printable(text: string): string {
  return text
    .replace(/[^\x20-\x7e]/g, ' ')
    .slice(0, LONGEST_DETAIL)
    .trim();
}
