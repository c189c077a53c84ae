import type { Json } from '../../model/json.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { VerifyResponse } from '../contract.ts';

/** The body as an object, or undefined: garbage proves nothing. */
export function readObject(response: VerifyResponse): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(response.body);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.fromEntries(Object.entries(value));
  } catch {
    return undefined;
  }
}

/** Picks text and number fields of an answer as facts. */
export function pickFacts(object: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, Json> {
  const facts: Record<string, Json> = {};
  for (const name of names) {
    const value = object[name];
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') facts[name] = value;
  }
  return facts;
}

/** The verdict of an answer that this provider does not document. */
export function unexpected(response: VerifyResponse): Verdict {
  return { state: 'unknown', reason: `the answer (${response.status}) is not one that the provider documents` };
}

/** The verdict of an answer that says the value is not accepted. */
export function rejected(response: VerifyResponse): Verdict {
  return { state: 'inactive', reason: `the provider rejects the value (${response.status})` };
}
