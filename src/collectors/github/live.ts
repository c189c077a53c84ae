import { HttpError, type HttpErrorCode } from '../../lib/http.ts';
import type { GapReason } from '../../model/gap.ts';
import type { CollectContext, Network } from '../contract.ts';
import { isObject } from './shape.ts';
import {
  describeStatus,
  type Failed,
  Interrupted,
  type NextPage,
  type Reply,
  reasonOfStatus,
  type Transport,
} from './transport.ts';
import { limitWait, Patience } from './waiting.ts';

const API_VERSION = '2022-11-28';
/** Tries after the first one for answers of 500 and above and for broken connections. */
const RETRIES = 2;
const RETRY_DELAY = 1_000;
/** Waits for rate limits per request; the budget of the run ends it earlier as a rule. */
const LIMIT_WAITS = 20;
const LONGEST_DETAIL = 120;
/** Every status below 500: none of them changes by asking again at once. Rate limits are waited out by `Patience`. */
const NOT_RETRIED = [...Array(100).keys()].map((index) => 400 + index);

const FINAL_CODES: ReadonlySet<HttpErrorCode> = new Set<HttpErrorCode>([
  'bad-url',
  'host-not-allowed',
  'insecure',
  'private-address',
  'redirect',
  'too-large',
]);

/** How the API is reached. */
export interface LiveOptions {
  readonly network: Network;
  /** Without a trailing slash: `https://api.github.com`. */
  readonly baseUrl: string;
  readonly token: string;
}

const LIMITED: Failed = {
  state: 'failed',
  reason: 'rate-limited',
  status: 429,
  detail: 'the token’s rate limit is used up, and waiting for more would take longer than the option "max-wait" allows',
};

interface OctokitAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

type Request = (path: string) => Promise<OctokitAnswer>;

/** Answers of the GitHub API, over the context's network only. Octokit is loaded here, at the first use. */
export async function createLiveTransport(context: CollectContext, options: LiveOptions): Promise<Transport> {
  const request = await createRequest(context, options);
  const patience = new Patience(context);
  return {
    get: async (path) => {
      assertPath(path);
      const reply = await getPatiently(context, request, patience, path, options.baseUrl);
      if (context.signal?.aborted === true) throw new Interrupted('aborted');
      return reply;
    },
  };
}

async function createRequest(context: CollectContext, options: LiveOptions): Promise<Request> {
  const [{ Octokit }, { throttling }, { retry }] = await Promise.all([
    import('@octokit/rest'),
    import('@octokit/plugin-throttling'),
    import('@octokit/plugin-retry'),
  ]);
  const Client = Octokit.plugin(throttling, retry);
  const delay = Number(context.options['retry-delay'] ?? RETRY_DELAY);
  const client = new Client({
    auth: options.token,
    baseUrl: options.baseUrl,
    request: { fetch: boundedFetch(context, options.network) },
    // The plug-in bounds how many requests run at once; waiting goes through the context (see `Patience`).
    throttle: { onRateLimit: () => false, onSecondaryRateLimit: () => false },
    retry: {
      doNotRetry: NOT_RETRIED,
      retries: RETRIES,
      retryAfterBaseValue: Number.isFinite(delay) ? delay : RETRY_DELAY,
    },
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  });
  const headers = { accept: 'application/vnd.github+json', 'x-github-api-version': API_VERSION };
  return async (path) => client.request({ method: 'GET', url: options.baseUrl + path, headers });
}

/** Nothing of the client may reach the terminal. */
function ignore(): void {}

/** The only kind of request there is: a GET, within the time of the limits, stopped by the run's signal. */
function boundedFetch(context: CollectContext, network: Network): typeof globalThis.fetch {
  return async (input, init = {}) => {
    if (init.method !== 'GET' || (init.body ?? undefined) !== undefined) {
      throw new Error('bug: this collector only reads, a request other than GET was made');
    }
    const signals = [AbortSignal.timeout(context.limits.requestTimeout), ...(context.signal ? [context.signal] : [])];
    try {
      return await network.fetch(String(input), { ...init, signal: AbortSignal.any(signals) });
    } catch (error) {
      const final = context.signal?.aborted === true || (error instanceof HttpError && FINAL_CODES.has(error.code));
      throw final ? new Refused(error) : error;
    }
  };
}

/** Octokit's retries leave an error of this name alone: asking again would change nothing. */
class Refused extends Error {
  override readonly name = 'AbortError';

  constructor(cause: unknown) {
    super('refused', { cause });
  }
}

function assertPath(path: string): void {
  if (!path.startsWith('/') || path.startsWith('//') || path.includes('/../')) {
    throw new Error(`bug: ${path} is not a path below the base URL`);
  }
}

async function getPatiently(
  context: CollectContext,
  request: Request,
  patience: Patience,
  path: string,
  baseUrl: string,
): Promise<Reply> {
  for (let waits = 0; ; waits += 1) {
    if (context.signal?.aborted === true) throw new Interrupted('aborted');
    if (patience.spent) return LIMITED;
    const tried = await attempt(request, path);
    if ('failure' in tried) return tried.failure;
    const { answer } = tried;
    if (answer.status < 400) return toReply(answer, baseUrl);
    const wait = limitWait({ ...answer, message: messageOf(answer.data) }, context.now);
    if (wait === undefined) return toFailure(answer);
    if (waits >= LIMIT_WAITS || !(await patience.wait(wait))) return LIMITED;
  }
}

type Attempt = { readonly answer: OctokitAnswer } | { readonly failure: Failed };

async function attempt(request: Request, path: string): Promise<Attempt> {
  try {
    return { answer: await request(path) };
  } catch (error) {
    const answer = answerOf(error);
    return answer === undefined ? { failure: toNoAnswer(error) } : { answer };
  }
}

/** The answer inside an error of octokit, when there was one. */
function answerOf(error: unknown): OctokitAnswer | undefined {
  if (!isObject(error) || !isObject(error['response'])) return undefined;
  const { status, headers, data } = error['response'];
  if (typeof status !== 'number' || !isObject(headers)) return undefined;
  return { status, headers: headers as OctokitAnswer['headers'], data };
}

function toReply(answer: OctokitAnswer, baseUrl: string): Reply {
  const { status, headers, data } = answer;
  if (typeof data !== 'object' || data === null || data instanceof ArrayBuffer) {
    const detail = `GitHub answered ${status} with something that is not JSON (a proxy or sign-in page?)`;
    return { state: 'failed', reason: 'malformed', status, detail };
  }
  const next = nextPage(String(headers['link'] ?? ''), baseUrl);
  const bytes = Buffer.byteLength(JSON.stringify(data, withBigint));
  return { state: 'ok', status, body: data, bytes, ...(next === undefined ? {} : { next }) };
}

function withBigint(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

/** Only a link below the base URL is a next page: following any other would send the token somewhere else. */
export function nextPage(link: string, baseUrl: string): NextPage | undefined {
  const found = /<([^<>]{1,2048})>;[^,]*\brel="?next"?/.exec(link);
  if (found === null) return undefined;
  const base = new URL(`${baseUrl}/`);
  const target = found[1] ?? '';
  if (!URL.canParse(target, base.href)) return 'foreign';
  const url = new URL(target, base);
  const below = url.origin === base.origin && url.pathname.startsWith(base.pathname);
  const clean = url.username === '' && url.password === '';
  return below && clean ? { path: url.pathname.slice(base.pathname.length - 1) + url.search } : 'foreign';
}

function toFailure(answer: OctokitAnswer): Failed {
  const { status, headers, data } = answer;
  const sso = typeof headers['x-github-sso'] === 'string' && headers['x-github-sso'].startsWith('required');
  const said = sso ? 'the token is not authorised for the organisation’s single sign-on' : printable(messageOf(data));
  return { state: 'failed', reason: reasonOfStatus(status), status, detail: describeStatus(status, said) };
}

function toNoAnswer(error: unknown): Failed {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof HttpError) return { state: 'failed', reason: reasonOfCode(cause), detail: cause.message };
  if (cause instanceof Error && cause.name === 'TimeoutError') {
    return { state: 'failed', reason: 'timeout', detail: 'GitHub did not answer in time' };
  }
  if (cause instanceof Error && cause.message.startsWith('bug:')) throw cause;
  return { state: 'failed', reason: 'provider-error', detail: 'GitHub could not be reached' };
}

function reasonOfCode(error: HttpError): GapReason {
  if (error.code === 'timeout') return 'timeout';
  return error.code === 'too-large' ? 'limit' : 'provider-error';
}

function messageOf(data: unknown): string {
  return isObject(data) && typeof data['message'] === 'string' ? data['message'] : '';
}

function printable(text: string): string {
  return text
    .replace(/[^\x20-\x7e]/g, ' ')
    .slice(0, LONGEST_DETAIL)
    .trim();
}
