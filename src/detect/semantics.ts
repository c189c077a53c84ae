import type { ByteRange } from '../model/artifact.ts';
import type { CompiledRule } from '../model/rule.ts';
import type { Candidate } from './contract.ts';

/** Order of candidates: match start, then rule id, then end. */
export function compareCandidates(a: Candidate, b: Candidate): number {
  if (a.match.start !== b.match.start) return a.match.start - b.match.start;
  if (a.rule.id !== b.rule.id) return a.rule.id < b.rule.id ? -1 : 1;
  return a.match.end - b.match.end;
}

/**
 * True when a rule without context words, or with one of them near enough. `text` is latin-1; `offset` is where it
 * begins in the artifact, so that a window can be asked as well as the whole.
 */
export function hasContext(rule: CompiledRule, text: string, secret: ByteRange, offset = 0): boolean {
  const { context } = rule;
  if (context === undefined || context.words.length === 0) return true;
  const start = secret.start - offset;
  const end = secret.end - offset;
  const before = text.slice(Math.max(0, start - context.before), start).toLowerCase();
  const after = text.slice(end, end + context.after).toLowerCase();
  return context.words.some((word) => {
    const lower = word.toLowerCase();
    return before.includes(lower) || after.includes(lower);
  });
}

/** True when a match belongs to the new part of an artifact. */
export function touchesRanges(match: ByteRange, ranges: readonly ByteRange[] | undefined): boolean {
  return ranges === undefined || ranges.some((range) => match.start < range.end && match.end > range.start);
}
