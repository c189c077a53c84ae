/** If GitHub does not say how long, it wants a wait of at least a minute after a secondary limit. */
const UNTOLD = 60_000;
const LEAST = 1_000;

/** The headers and the text of an answer that say something about limits. */
export interface LimitAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly message: string;
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
  const limited = status === 429 || (status === 403 && (spent || secondary || Number.isFinite(retryAfter)));
  if (!limited) return undefined;
  if (Number.isFinite(retryAfter)) return Math.max(LEAST, retryAfter * 1_000);
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN) * 1_000;
  if (!spent || !Number.isFinite(reset)) return UNTOLD;
  const said = Date.parse(String(headers['date'] ?? ''));
  return Math.max(LEAST, reset - (Number.isNaN(said) ? now.getTime() : said) + LEAST);
}
