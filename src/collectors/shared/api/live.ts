import { defined } from '../../../lib/fields/defined.ts';
import { HttpError, type HttpErrorCode } from '../../../lib/http/http.ts';
import type { GapReason } from '../../../model/gap.ts';
import type { CollectContext, Network } from '../../contract.ts';
import {
  describeStatus,
  type Failed,
  Interrupted,
  type NextPage,
  type Reply,
  reasonOfStatus,
  type Transport,
} from './transport.ts';
import { type Headers, Patience } from './waiting.ts';

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
}

/** One API: how to ask it, and how to understand its answers. */
export interface Api {
  /** Name of the provider in messages: `GitHub`. */
  readonly provider: string;
  /** Sends one request, with the client's own retries. Throws what the network throws. */
  ask(path: string): Promise<Answer>;
  /** Returns the milliseconds to wait if the answer reports a rate limit, else undefined. */
  limitWait(answer: Answer): number | undefined;
  /** Returns where the next page is, according to the answer to `path`. */
  next(answer: Answer, path: string): NextPage | undefined;
  /** Returns the server's own message about a failure. The caller cuts it and makes it printable. */
  said(answer: Answer): string;
}

/** Turns an API into a transport that waits for rate limits within the budget of the run (option `max-wait`). */
export function createTransport(context: CollectContext, api: Api): Transport {
  const patience = new Patience(context);
  return {
    get: async (path) => {
      assertPath(path);
      const reply = await getPatiently(context, api, patience, path);
      if (context.signal?.aborted === true) throw new Interrupted('aborted');
      return reply;
    },
  };
}

/**
 * Sends the only kind of request that is allowed: a GET within the time limit, which the signal of the run can stop.
 */
export async function fetchBounded(
  context: CollectContext,
  network: Network,
  url: string,
  init: RequestInit,
): Promise<Response> {
  if (init.method !== 'GET' || (init.body ?? undefined) !== undefined) {
    throw new Error('bug: this collector only reads, a request other than GET was made');
  }
  const signals = [AbortSignal.timeout(context.limits.requestTimeout), ...(context.signal ? [context.signal] : [])];
  return network.fetch(url, { ...init, signal: AbortSignal.any(signals) });
}

/** True if a retry would end in the same way. */
export function isFinal(context: CollectContext, error: unknown): boolean {
  return context.signal?.aborted === true || (error instanceof HttpError && FINAL_CODES.has(error.code));
}

function assertPath(path: string): void {
  if (!path.startsWith('/') || path.startsWith('//') || path.includes('/../')) {
    throw new Error(`bug: ${path} is not a path below the base URL`);
  }
}

async function getPatiently(context: CollectContext, api: Api, patience: Patience, path: string): Promise<Reply> {
  for (let waits = 0; ; waits += 1) {
    if (context.signal?.aborted === true) throw new Interrupted('aborted');
    if (patience.spent) return limited();
    const answer = await askOnce(api, path);
    if ('state' in answer) return answer;
    if (answer.status < 400) return toReply(api, answer, path);
    const wait = api.limitWait(answer);
    if (wait === undefined) return toFailure(api, answer);
    if (waits >= LIMIT_WAITS || !(await patience.wait(wait))) return limited();
  }
}

async function askOnce(api: Api, path: string): Promise<Answer | Failed> {
  try {
    return await api.ask(path);
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

function toFailure(api: Api, answer: Answer): Failed {
  const { status } = answer;
  const detail = describeStatus(api.provider, status, printable(api.said(answer)));
  return { state: 'failed', reason: reasonOfStatus(status), status, detail };
}

/** Rethrows errors that are bugs. */
function toNoAnswer(provider: string, error: unknown): Failed {
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

function printable(text: string): string {
  return text
    .replace(/[^\x20-\x7e]/g, ' ')
    .slice(0, LONGEST_DETAIL)
    .trim();
}
