import { createHash } from 'node:crypto';
import type { Findings } from './model.ts';

/** A report that is not what its scanner writes when a scan worked. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
}

/** What tells one finding from another. The secret is a value or a hash of it; absent when a report shows neither. */
export interface Pair {
  readonly rule: unknown;
  readonly secret?: unknown;
}

/**
 * Counts findings and different pairs of rule and secret. Keeps digests only, and those no longer than the count takes.
 */
export function countPairs(pairs: readonly Pair[]): Findings {
  if (pairs.some(({ secret }) => secret === undefined)) return { findings: pairs.length };
  const digests = new Set(pairs.map(digestPair));
  return { findings: pairs.length, distinct: digests.size };
}

function digestPair({ rule, secret }: Pair): string {
  return createHash('sha256')
    .update(JSON.stringify([rule, secret]))
    .digest('base64');
}

/** @throws ReportError when the text is no JSON */
export function parseReport(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which holds secrets.
    throw new ReportError('its report is no JSON');
  }
}

/** @throws ReportError when the value is no list */
export function toList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new ReportError('its report has no list of findings');
}

/** A member of an object of a report; undefined where there is none. */
export function pick(value: unknown, ...path: readonly (string | number)[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = Reflect.get(current, key);
  }
  return current;
}

/** The objects of a report with one JSON object a line. Lines that are something else are log lines. */
export function parseLines(text: string): readonly unknown[] {
  return text.split('\n').flatMap((line) => (line.startsWith('{') ? [parseReport(line)] : []));
}

/** Lines with something in them. */
export function countLines(text: string): number {
  return text.split('\n').filter((line) => line.trim() !== '').length;
}
