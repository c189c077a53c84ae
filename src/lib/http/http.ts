import { defined } from '../fields/defined.ts';
import { isLoopbackHost, isPrivateAddress, resolveHost } from './address.ts';

/** Why a request was refused or failed. */
export type HttpErrorCode =
  | 'bad-url'
  | 'host-not-allowed'
  | 'insecure'
  | 'private-address'
  | 'redirect'
  | 'too-large'
  | 'timeout'
  | 'aborted'
  | 'network';

/** A request that was refused or failed. The message names the host, never a query, a header or a body. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: HttpErrorCode;

  constructor(code: HttpErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, defined({ cause: options.cause }));
    this.code = code;
  }
}

/** What a network may do. */
export interface NetworkOptions {
  /** Host names that may be asked, with `:port` where it is not 443. `*.example.com` allows every name below it. */
  readonly allowedHosts: readonly string[];
  /** Milliseconds for one request with all its redirects and its whole body. */
  readonly timeoutMs: number;
  readonly userAgent: string;
  /** Most bytes of one body, after decompression. */
  readonly maxBytes: number;
  /**
   * Allowed hosts that may have a private address: an installation in the user's own network. A loopback host in this
   * list may also be asked without TLS.
   */
  readonly privateHosts?: readonly string[];
  /** Sends requests for an origin to another one: `{ 'https://api.github.com': 'http://127.0.0.1:4000' }` in tests. */
  readonly baseUrlOverride?: Readonly<Record<string, string>>;
  /** The platform's `fetch`; a parameter so that nothing but a front decides that there is a network. */
  readonly fetch: typeof globalThis.fetch;
  /** Addresses of a host name; tests replace it. */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>;
}

/** The one way out of the process: the same shape as the collectors' `Network`. */
export interface HttpNetwork {
  fetch(url: string, init?: RequestInit): Promise<Response>;
}

const REDIRECTS = 5;
const REDIRECT_STATUS = new Set([301, 302, 303, 307, 308]);
const NULL_BODY_STATUS = new Set([101, 103, 204, 205, 304]);

/**
 * A network that asks only allowed hosts over TLS, refuses private addresses and redirects to another host, and reads
 * the whole answer within a time and a size. Throws `HttpError`.
 *
 * The address check happens before the request, and `fetch` looks the name up again: it protects against configured or
 * redirected private targets, not against an allowed provider that turns its own DNS against us.
 */
export function createNetwork(options: NetworkOptions): HttpNetwork {
  return { fetch: (url, init = {}) => send(options, url, init) };
}

async function send(options: NetworkOptions, text: string, init: RequestInit): Promise<Response> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = init.signal ? AbortSignal.any([timeout, init.signal]) : timeout;
  const url = parseUrl(text);
  try {
    return await follow(options, url, { ...init, headers: headersOf(options, init), redirect: 'manual', signal });
  } catch (error) {
    throw toHttpError(error, url, { timeout, caller: init.signal ?? undefined, timeoutMs: options.timeoutMs });
  }
}

function headersOf(options: NetworkOptions, init: RequestInit): Headers {
  const headers = new Headers(init.headers);
  if (!headers.has('user-agent')) headers.set('user-agent', options.userAgent);
  return headers;
}

async function follow(options: NetworkOptions, start: URL, init: RequestInit): Promise<Response> {
  let url = start;
  for (let hop = 0; hop <= REDIRECTS; hop += 1) {
    const target = override(options, url);
    await checkTarget(options, target);
    const response = await options.fetch(target.href, init);
    const next = redirectOf(response, url);
    if (next === undefined) return readWhole(response, url, options.maxBytes);
    await response.body?.cancel();
    if (next.origin !== url.origin && next.origin !== target.origin) throw refuseRedirect(url, `to ${next.host}`);
    if (!isSafe(init)) throw refuseRedirect(url, 'of a request that is not a GET');
    url = next.origin === target.origin ? new URL(next.pathname + next.search, url.origin) : next;
  }
  throw refuseRedirect(start, `more than ${REDIRECTS} times`);
}

function isSafe(init: RequestInit): boolean {
  return /^(?:GET|HEAD)$/i.test(init.method ?? 'GET');
}

function redirectOf(response: Response, url: URL): URL | undefined {
  const location = response.headers.get('location');
  if (!REDIRECT_STATUS.has(response.status) || location === null) return undefined;
  if (!URL.canParse(location, url.href)) throw refuseRedirect(url, 'to something that is not a URL');
  return new URL(location, url);
}

function refuseRedirect(url: URL, what: string): HttpError {
  return new HttpError('redirect', `${url.host} redirects ${what}; that is not followed`);
}

function override(options: NetworkOptions, url: URL): URL {
  const origin = options.baseUrlOverride?.[url.origin];
  if (origin === undefined) return url;
  return new URL(url.pathname + url.search, origin);
}

async function checkTarget(options: NetworkOptions, url: URL): Promise<void> {
  const overridden = Object.values(options.baseUrlOverride ?? {}).some(
    (origin) => parseUrl(origin).origin === url.origin,
  );
  if (!overridden && !hostMatches(options.allowedHosts, url)) {
    throw new HttpError('host-not-allowed', `${url.host} is not a host that may be asked`);
  }
  const trusted = overridden || hostMatches(options.privateHosts ?? [], url);
  const plainLoopback = trusted && url.protocol === 'http:' && isLoopbackHost(url.hostname);
  if (url.protocol !== 'https:' && !plainLoopback) {
    throw new HttpError('insecure', `${url.host} would be asked without TLS; only https is allowed`);
  }
  if (trusted) return;
  const addresses = await (options.resolve ?? resolveHost)(url.hostname);
  if (addresses.some(isPrivateAddress)) {
    throw new HttpError('private-address', `${url.host} has an address in a private network; that is not asked`);
  }
}

function hostMatches(hosts: readonly string[], url: URL): boolean {
  return hosts.some((host) => {
    const name = host.toLowerCase();
    return name.startsWith('*.')
      ? url.host.endsWith(name.slice(1)) && url.host.length >= name.length
      : url.host === name;
  });
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) throw new HttpError('bad-url', 'the request has no valid URL');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    throw new HttpError('bad-url', `the URL of the request to ${url.host} holds a user name or a password`);
  }
  return url;
}

/** Reads the body while time and size are still watched, so that no caller can hang on a slow or endless one. */
async function readWhole(response: Response, url: URL, maxBytes: number): Promise<Response> {
  const headers = new Headers(response.headers);
  // The platform has decoded the body already.
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) headers.delete(name);
  const { status, statusText } = response;
  const bytes = await readBounded(response, url, maxBytes);
  const whole = new Response(NULL_BODY_STATUS.has(status) ? null : bytes, { status, statusText, headers });
  Object.defineProperty(whole, 'url', { value: url.href });
  return whole;
}

async function readBounded(response: Response, url: URL, maxBytes: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > maxBytes) throw new HttpError('too-large', `${url.host} answered with more than ${maxBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

interface Signals {
  readonly timeout: AbortSignal;
  readonly caller: AbortSignal | undefined;
  readonly timeoutMs: number;
}

function toHttpError(error: unknown, url: URL, signals: Signals): HttpError {
  if (error instanceof HttpError) return error;
  if (signals.caller?.aborted === true) {
    const late = isTimeout(signals.caller.reason);
    if (late) return new HttpError('timeout', `${url.host} did not answer in the time that the caller gave`);
    return new HttpError('aborted', `the request to ${url.host} was aborted`);
  }
  if (signals.timeout.aborted) {
    return new HttpError('timeout', `${url.host} did not answer within ${signals.timeoutMs} ms`);
  }
  const code = systemCode(error);
  const detail = code === undefined ? '' : ` (${code})`;
  return new HttpError('network', `${url.host} could not be reached${detail}`, { cause: error });
}

/** `AbortSignal.timeout` says so in its reason. */
function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError';
}

/** `fetch` hides the system's code (`ECONNREFUSED`) in the cause. */
function systemCode(error: unknown): string | undefined {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 4; cause = cause.cause, depth += 1) {
    if ('code' in cause && typeof cause.code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(cause.code)) return cause.code;
  }
  return undefined;
}
