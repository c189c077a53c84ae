const LATEST = 253_402_300_799;
const MS = 1000;

/** ISO 8601 in UTC of seconds since 1970; undefined for what is no date between 1970 and 9999. */
export function isoFromSeconds(seconds: unknown): string | undefined {
  if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= LATEST)) return undefined;
  return new Date(seconds * MS).toISOString();
}

/** ISO 8601 in UTC of a written date (`2030-01-31`, `2030-01-31T00:00:00Z`); undefined where it is none. */
export function isoFromText(text: string): string | undefined {
  const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
