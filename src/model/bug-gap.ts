import type { Gap } from './gap.ts';

/** Errors that are meant for the user, by name: they end the run. All others of a plug-in are its bugs. */
const DECLARED = new Set(['UsageError', 'ConfigError']);

/**
 * The gap for a plug-in that threw: one broken file must not cost everything else that a run finds. The message holds
 * no text of the error, which may quote what is scanned. Throws what is meant for the user again.
 */
export function gapOfBug(kind: string, id: string, subject: string, error: unknown): Gap {
  if (error instanceof Error && DECLARED.has(error.name)) throw error;
  const name = error instanceof Error ? error.name : typeof error;
  const message = `${subject}: the ${kind} "${id}" failed on it (${name}), so what it would have said is missing; this is a bug, please report it`;
  return { reason: 'bug', subject, message };
}
