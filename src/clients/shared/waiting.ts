import type { ClientContext } from './context.ts';
import { Interrupted } from './transport.ts';

/** Seconds that a run may spend on waiting for rate limits in total, unless the option `max-wait` says otherwise. */
const DEFAULT_BUDGET = 900;
/** Milliseconds to wait if an answer does not say how long. */
const UNTOLD = 60_000;
const LEAST = 1_000;

/** Headers of an answer, by lower-case name. */
export type Headers = Readonly<Record<string, string | number | undefined>>;

/**
 * Returns the milliseconds to wait after an answer of 429, or of 503 with `retry-after` (RFC 9110, 10.2.3: seconds or a
 * date), else undefined. The `date` of the server is the clock, so a wrong clock on this machine does not matter.
 */
export function retryAfter(status: number, headers: Headers, now: Date): number | undefined {
  const text = String(headers['retry-after'] ?? '').trim();
  if (status !== 429 && (status !== 503 || text === '')) return undefined;
  if (/^\d{1,9}$/.test(text)) return Math.max(LEAST, Number(text) * 1_000);
  const until = Date.parse(text);
  const said = Date.parse(String(headers['date'] ?? ''));
  return Number.isNaN(until) ? UNTOLD : Math.max(LEAST, until - (Number.isNaN(said) ? now.getTime() : said) + LEAST);
}

/** Waits for rate limits, once for all requests that are under way, until the budget of the run is spent. */
export class Patience {
  readonly #context: ClientContext;
  #budgetMs: number;
  #spent = false;
  #waiting: Promise<void> | undefined;

  constructor(context: ClientContext) {
    this.#context = context;
    const seconds = Number(context.options['max-wait'] ?? DEFAULT_BUDGET);
    this.#budgetMs = (Number.isFinite(seconds) && seconds >= 0 ? seconds : DEFAULT_BUDGET) * 1_000;
  }

  /** True after a wait was refused. Whoever asks again before a limit ends only makes it longer. */
  get spent(): boolean {
    return this.#spent;
  }

  /** Waits. Returns false if the rest of the budget is too small for it. */
  async wait(ms: number): Promise<boolean> {
    if (this.#waiting !== undefined) {
      await this.#waiting;
      return true;
    }
    if (ms > this.#budgetMs) {
      this.#spent = true;
      return false;
    }
    this.#budgetMs -= ms;
    this.#waiting = sleepUnlessAborted(this.#context, ms).finally(() => {
      this.#waiting = undefined;
    });
    await this.#waiting;
    return true;
  }
}

/** A limit that an answer used up, and the milliseconds until it begins anew. */
export interface SpentLimit {
  readonly limit: string;
  readonly wait: number;
}

/** Remembers which limits are used up, so that nothing is asked against them before they end. */
export class ClosedLimits {
  readonly #context: ClientContext;
  readonly #open = new Map<string, { readonly wait: number; readonly noted: number }>();

  constructor(context: ClientContext) {
    this.#context = context;
  }

  note(spent: SpentLimit | undefined): void {
    if (spent !== undefined) this.#open.set(spent.limit, { wait: spent.wait, noted: this.#time() });
  }

  /** Waits until the limit begins anew. Returns false if the budget of the run is too small for it. */
  async pass(limit: string, patience: Patience): Promise<boolean> {
    const closed = this.#open.get(limit);
    if (closed === undefined) return true;
    const left = closed.wait - (this.#time() - closed.noted);
    if (left > 0 && !(await patience.wait(left))) return false;
    this.#open.delete(limit);
    return true;
  }

  #time(): number {
    return this.#context.clock?.() ?? 0;
  }
}

/** Sleeps; throws `Interrupted` as soon as the run is aborted. */
export async function sleepUnlessAborted(context: ClientContext, ms: number): Promise<void> {
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
