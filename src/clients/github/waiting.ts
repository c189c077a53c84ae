import { isObject } from '../shared/shape.ts';
import type { SpentLimit } from '../shared/waiting.ts';

/** If GitHub does not say how long, it wants a wait of at least a minute after a secondary limit. */
const UNTOLD = 60_000;
const LEAST = 1_000;

/** The headers and the text of an answer that say something about limits. */
export interface LimitAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly message: string;
  /** The body. Queries are refused with a status of 200. */
  readonly data?: unknown;
}

/**
 * Returns the milliseconds to wait if the answer reports a limit, else undefined. The `date` of the server is the
 * clock, so a wrong clock on this machine does not matter.
 */
export function limitWait(answer: LimitAnswer, now: Date): number | undefined {
  const { status, headers, message } = answer;
  const retryAfter = Number(headers['retry-after'] ?? Number.NaN);
  const spent = String(headers['x-ratelimit-remaining'] ?? '') === '0';
  const secondary = /secondary rate limit|abuse detection/i.test(message);
  const limited =
    status === 429 || isRefusedQuery(answer) || (status === 403 && (spent || secondary || Number.isFinite(retryAfter)));
  if (!limited) return undefined;
  if (Number.isFinite(retryAfter)) return Math.max(LEAST, retryAfter * 1_000);
  return (spent ? untilReset(headers, now) : undefined) ?? UNTOLD;
}

/** Returns the limit that a good answer used up. Nothing may be asked against it before it begins anew. */
export function spentLimit({ headers }: Pick<LimitAnswer, 'headers'>, now: Date): SpentLimit | undefined {
  if (String(headers['x-ratelimit-remaining'] ?? '') !== '0') return undefined;
  const wait = untilReset(headers, now);
  return wait === undefined ? undefined : { limit: String(headers['x-ratelimit-resource'] ?? 'core'), wait };
}

function untilReset(headers: LimitAnswer['headers'], now: Date): number | undefined {
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN) * 1_000;
  if (!Number.isFinite(reset)) return undefined;
  const said = Date.parse(String(headers['date'] ?? ''));
  return Math.max(LEAST, reset - (Number.isNaN(said) ? now.getTime() : said) + LEAST);
}

function isRefusedQuery({ data }: LimitAnswer): boolean {
  const errors = isObject(data) ? data['errors'] : undefined;
  return Array.isArray(errors) && errors.some((error) => isObject(error) && error['type'] === 'RATE_LIMITED');
}
