import type { Octokit } from '@octokit/rest';
import { HttpError } from '../../lib/http/http.ts';
import type { ClientContext, Network } from '../shared/context.ts';
import { type Answer, isFinal, sendBounded } from '../shared/live.ts';
import { isObject } from '../shared/shape.ts';

/** How often a request is repeated after an answer of 500 or above, or a broken connection. */
const RETRIES = 2;
const RETRY_DELAY = 1_000;
/** Every status below 500. Repeating such a request at once changes nothing. `Patience` waits for rate limits. */
const NOT_RETRIED = [...Array(100).keys()].map((index) => 400 + index);

/** What a client of Octokit is made of. */
export interface OctokitOptions {
  readonly network: Network;
  readonly baseUrl: string;
  readonly parallel?: boolean;
  /** True if a request with this method may be sent to this URL. Anything else is a bug. */
  allows(method: string, url: string): boolean;
  /** Options of `Octokit` for its own authentication. */
  readonly login?: Readonly<Record<string, unknown>>;
}

/** Loads Octokit, which is heavy, and makes a client that uses only this network. */
export async function createOctokit(context: ClientContext, options: OctokitOptions): Promise<Octokit> {
  const [{ Octokit }, { throttling }, { retry }] = await Promise.all([
    import('@octokit/rest'),
    import('@octokit/plugin-throttling'),
    import('@octokit/plugin-retry'),
  ]);
  const Client = Octokit.plugin(throttling, retry);
  const delay = Number(context.options['retry-delay'] ?? RETRY_DELAY);
  return new Client({
    ...options.login,
    baseUrl: options.baseUrl,
    request: { fetch: refusing(context, options) },
    // The plug-in limits how many requests run at once. Waiting goes through the context (see `Patience`).
    throttle: { enabled: options.parallel === true, onRateLimit: () => false, onSecondaryRateLimit: () => false },
    retry: {
      doNotRetry: NOT_RETRIED,
      retries: RETRIES,
      retryAfterBaseValue: Number.isFinite(delay) ? delay : RETRY_DELAY,
    },
    log: SILENT,
  });
}

/** No output of the client may reach the terminal. */
export const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore } as const;

function ignore(): void {}

/** Makes a `fetch` for Octokit that throws `Refused` where a retry is useless. */
function refusing(context: ClientContext, options: OctokitOptions): typeof globalThis.fetch {
  return async (input, init = {}) => {
    const url = String(input);
    if (!options.allows(init.method ?? 'GET', url)) throw new Error(`bug: a request that does not only read was made`);
    try {
      return await sendBounded(context, options.network, url, init);
    } catch (error) {
      throw isFinal(context, error) ? new Refused(error) : error;
    }
  };
}

/** Octokit does not retry after an error with this name. Asking again would change nothing. */
class Refused extends Error {
  override readonly name = 'AbortError';

  constructor(cause: unknown) {
    super('refused', { cause });
  }
}

/** Sends a request and returns its answer, whatever its status. Throws what the network throws. */
export async function answerTo(send: () => Promise<unknown>): Promise<Answer> {
  try {
    const answer = toAnswer(await send());
    if (answer === undefined) throw new HttpError('network', 'the answer was empty');
    return answer;
  } catch (error) {
    const answer = isObject(error) ? toAnswer(error['response']) : undefined;
    if (answer === undefined) throw error;
    return answer;
  }
}

function toAnswer(response: unknown): Answer | undefined {
  if (!isObject(response)) return undefined;
  const { status, headers, data, url } = response;
  if (typeof status !== 'number' || !isObject(headers)) return undefined;
  return { status, headers: headers as Answer['headers'], data, ...(typeof url === 'string' ? { url } : {}) };
}
