import type { CollectContext, Network } from '../../contract.ts';
import { type Answer, createTransport, fetchBounded, isFinal } from './live.ts';
import type { Paging } from './paging.ts';
import { isObject } from './shape.ts';
import type { Transport } from './transport.ts';
import { retryAfter, sleepUnlessAborted } from './waiting.ts';

/** Tries after the first one for answers of 500 and above and for broken connections. */
const RETRIES = 2;
/**
 * Milliseconds before the first of them, unless the option `retry-delay` says otherwise; the next one waits twice as
 * long.
 */
const RETRY_DELAY = 1_000;

/** How a JSON API is reached. */
export interface ClientOptions {
  /** Its name in messages: `Acme`. */
  readonly provider: string;
  readonly network: Network;
  /** Without a trailing slash: `https://api.acme.example/v1`. */
  readonly baseUrl: string;
  /** Sent with every request, the credential among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly paging: Paging;
}

/** Answers of a JSON API, over the context's network only: GET requests, retries, `retry-after`. */
export function createClient(context: CollectContext, options: ClientOptions): Transport {
  return createTransport(context, {
    provider: options.provider,
    ask: (path) => askWithRetries(context, options, path),
    limitWait: ({ status, headers }) => retryAfter(status, headers, context.now),
    next: options.paging,
    said: ({ data }) => messageOf(data),
  });
}

async function askWithRetries(context: CollectContext, options: ClientOptions, path: string): Promise<Answer> {
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

async function ask(context: CollectContext, options: ClientOptions, path: string): Promise<Answer> {
  const headers = { accept: 'application/json', ...options.headers };
  const response = await fetchBounded(context, options.network, options.baseUrl + path, { method: 'GET', headers });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    data: parse(await response.text()),
  };
}

/** Undefined for a text that is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The usual places of an error's text. */
function messageOf(data: unknown): string {
  if (!isObject(data)) return '';
  const { message, error } = data;
  const text = [message, isObject(error) ? error['message'] : error].find((candidate) => typeof candidate === 'string');
  return typeof text === 'string' ? text : '';
}
