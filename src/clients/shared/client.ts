import { defined } from '../../lib/fields/defined.ts';
import type { ClientContext, Network } from './context.ts';
import { type Answer, createTransport, fetchBounded, isFinal } from './live.ts';
import type { Paging } from './paging.ts';
import { isObject } from './shape.ts';
import type { Transport } from './transport.ts';
import { retryAfter, type SpentLimit, sleepUnlessAborted } from './waiting.ts';

/** How often a request is repeated after an answer of 500 or above, or a broken connection. */
const RETRIES = 2;
/**
 * Milliseconds before the first retry, unless the option `retry-delay` says otherwise. The next retry waits twice as
 * long.
 */
const RETRY_DELAY = 1_000;

/** Where and how a JSON API is reached. */
export interface ClientOptions {
  /** Name of the provider in messages: `Acme`. */
  readonly provider: string;
  readonly network: Network;
  /** Without a trailing slash: `https://api.acme.example/v1`. */
  readonly baseUrl: string;
  /** Sent with every request. The credential is one of them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly paging: Paging;
  /** What a good answer says about a limit that it used up. */
  readonly spent?: (answer: Answer) => SpentLimit | undefined;
}

/**
 * Creates a client of a JSON API that uses only the network of the context. It makes GET requests, retries, and honours
 * `retry-after`.
 */
export function createClient(context: ClientContext, options: ClientOptions): Transport {
  return createTransport(context, {
    provider: options.provider,
    ask: (path) => askWithRetries(context, options, path),
    limitWait: ({ status, headers }) => retryAfter(status, headers, context.now),
    ...defined({ spent: options.spent }),
    next: options.paging,
    said: ({ data }) => messageOf(data),
  });
}

async function askWithRetries(context: ClientContext, options: ClientOptions, path: string): Promise<Answer> {
  const option = Number(context.options['retry-delay'] ?? RETRY_DELAY);
  const delay = Number.isFinite(option) && option >= 0 ? option : RETRY_DELAY;
  for (let tries = 0; ; tries += 1) {
    try {
      const answer = await ask(context, options, path);
      const limited = retryAfter(answer.status, answer.headers, context.now) !== undefined;
      if (answer.status < 500 || limited || tries >= RETRIES) return answer;
    } catch (error) {
      if (tries >= RETRIES || isFinal(context, error)) throw error;
    }
    await sleepUnlessAborted(context, delay * 2 ** tries);
  }
}

async function ask(context: ClientContext, options: ClientOptions, path: string): Promise<Answer> {
  const headers = { accept: 'application/json', ...options.headers };
  const response = await fetchBounded(context, options.network, options.baseUrl + path, { method: 'GET', headers });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    data: parse(await response.text()),
  };
}

/** Returns undefined for a text that is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Looks for the text of an error in the usual places. */
function messageOf(data: unknown): string {
  if (!isObject(data)) return '';
  const { message, error } = data;
  const text = [message, isObject(error) ? error['message'] : error].find((candidate) => typeof candidate === 'string');
  return typeof text === 'string' ? text : '';
}
