import type { CollectContext, Network } from '../contract.ts';
import { type Answer, createTransport, fetchBounded, isFinal } from '../shared/api/live.ts';
import { linkPaging } from '../shared/api/paging.ts';
import { isObject } from '../shared/api/shape.ts';
import type { Transport } from '../shared/api/transport.ts';
import { PROVIDER } from './host.ts';
import { limitWait } from './waiting.ts';

const API_VERSION = '2022-11-28';
/** How often a request is repeated after an answer of 500 or above, or a broken connection. */
const RETRIES = 2;
const RETRY_DELAY = 1_000;
/** Every status below 500. Repeating such a request at once changes nothing. `Patience` waits for rate limits. */
const NOT_RETRIED = [...Array(100).keys()].map((index) => 400 + index);

/** Where and how the API is reached. */
export interface LiveOptions {
  readonly network: Network;
  /** Without a trailing slash: `https://api.github.com`. */
  readonly baseUrl: string;
  readonly token: string;
}

type Ask = (path: string) => Promise<Answer>;

/**
 * Creates a transport for the GitHub API that uses only the network of the context. Octokit is loaded here, when it is
 * first needed.
 */
export async function createLiveTransport(context: CollectContext, options: LiveOptions): Promise<Transport> {
  const request = await createRequest(context, options);
  return createTransport(context, {
    provider: PROVIDER,
    ask: async (path) => {
      try {
        return await request(path);
      } catch (error) {
        const answer = answerOf(error);
        if (answer === undefined) throw error;
        return answer;
      }
    },
    limitWait: (answer) => limitWait({ ...answer, message: messageOf(answer.data) }, context.now),
    next: linkPaging(options.baseUrl),
    said,
  });
}

async function createRequest(context: CollectContext, options: LiveOptions): Promise<Ask> {
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
    request: { fetch: refusing(context, options.network) },
    // The plug-in limits how many requests run at once. Waiting goes through the context (see `Patience`).
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

/** No output of the client may reach the terminal. */
function ignore(): void {}

/** Makes a `fetch` for Octokit that throws `Refused` where a retry is useless. */
function refusing(context: CollectContext, network: Network): typeof globalThis.fetch {
  return async (input, init = {}) => {
    try {
      return await fetchBounded(context, network, String(input), init);
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

/** Returns the answer inside an error of Octokit, if there was one. */
function answerOf(error: unknown): Answer | undefined {
  if (!isObject(error) || !isObject(error['response'])) return undefined;
  const { status, headers, data } = error['response'];
  if (typeof status !== 'number' || !isObject(headers)) return undefined;
  return { status, headers: headers as Answer['headers'], data };
}

function said({ headers, data }: Answer): string {
  const sso = headers['x-github-sso'];
  const required = typeof sso === 'string' && sso.startsWith('required');
  return required ? 'the token is not authorised for the organisation’s single sign-on' : messageOf(data);
}

function messageOf(data: unknown): string {
  return isObject(data) && typeof data['message'] === 'string' ? data['message'] : '';
}
