import type { CollectContext } from '../contract.ts';
import { Interrupted } from './transport.ts';

/** Seconds that a run may wait for rate limits in total, unless the option `max-wait` says otherwise. */
const DEFAULT_BUDGET = 900;
/** GitHub: without a header that says how long, wait at least a minute after a secondary limit. */
const UNTOLD = 60_000;
const LEAST = 1_000;

/** Headers and text of an answer, as far as they tell about limits. */
export interface LimitAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly message: string;
}

/**
 * Milliseconds to wait when the answer says that a limit was hit, else undefined. The server's own `date` is the clock, so
 * that a wrong clock here does not matter.
 */
export function limitWait(answer: LimitAnswer, now: Date): number | undefined {
  const { status, headers, message } = answer;
  const retryAfter = Number(headers['retry-after'] ?? Number.NaN);
  const spent = String(headers['x-ratelimit-remaining'] ?? '') === '0';
  const secondary = /secondary rate limit|abuse detection/i.test(message);
  const limited = status === 429 || (status === 403 && (spent || secondary || Number.isFinite(retryAfter)));
  if (!limited) return undefined;
  if (Number.isFinite(retryAfter)) return Math.max(LEAST, retryAfter * 1_000);
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN) * 1_000;
  if (!spent || !Number.isFinite(reset)) return UNTOLD;
  const said = Date.parse(String(headers['date'] ?? ''));
  return Math.max(LEAST, reset - (Number.isNaN(said) ? now.getTime() : said) + LEAST);
}

/** Waits out rate limits, together for all requests in flight, until the budget of the run is spent. */
export class Patience {
  readonly #context: CollectContext;
  #left: number;
  #spent = false;
  #waiting: Promise<void> | undefined;

  constructor(context: CollectContext) {
    this.#context = context;
    const seconds = Number(context.options['max-wait'] ?? DEFAULT_BUDGET);
    this.#left = (Number.isFinite(seconds) && seconds >= 0 ? seconds : DEFAULT_BUDGET) * 1_000;
  }

  /** True after a wait was refused: asking on while a limit is known would only be answered by a longer one. */
  get spent(): boolean {
    return this.#spent;
  }

  /** False when the wait does not fit in what is left of the budget. */
  async wait(ms: number): Promise<boolean> {
    if (this.#waiting !== undefined) {
      await this.#waiting;
      return true;
    }
    if (ms > this.#left) {
      this.#spent = true;
      return false;
    }
    this.#left -= ms;
    this.#waiting = sleepUnlessAborted(this.#context, ms).finally(() => {
      this.#waiting = undefined;
    });
    await this.#waiting;
    return true;
  }
}

async function sleepUnlessAborted(context: CollectContext, ms: number): Promise<void> {
  const { signal } = context;
  if (signal === undefined) return context.sleep(ms);
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new Interrupted('aborted while waiting'));
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    if (signal.aborted) throw new Interrupted('aborted while waiting');
    await Promise.race([context.sleep(ms), aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
