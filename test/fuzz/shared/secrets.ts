import { expect } from 'vitest';
import { expandTemplate } from '../../../src/lib/template/expand.ts';

/** What a parser may show of a value: shorter runs are words as often as secrets. */
const SHOWN_MOST = 11;

/** A token with a right checksum, and a password without a form of its own. Never live, made at run time. */
export const TOKEN: string = expandTemplate('ghp_{github-crc:36}', 'test/fuzz');
export const PASSWORD: string = expandTemplate('{base62:24}', 'test/fuzz/password');

const RUNS: ReadonlySet<string> = new Set([...runsOf(TOKEN.slice(4)), ...runsOf(PASSWORD)]);

function runsOf(text: string): string[] {
  return Array.from({ length: text.length - SHOWN_MOST }, (_, at) => text.slice(at, at + SHOWN_MOST + 1));
}

/** Fails where a text holds a planted value or 12 characters of one. The message of the failure does not repeat it. */
export function expectNoSecret(text: string, what: string): void {
  const at = [...RUNS].map((run) => text.indexOf(run)).find((place) => place >= 0) ?? -1;
  const around = at < 0 ? '' : text.slice(Math.max(0, at - 60), at);
  expect(at, `${what} holds a planted value behind ${JSON.stringify(around)}`).toBe(-1);
}
