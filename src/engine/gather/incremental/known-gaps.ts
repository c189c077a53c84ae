import type { Coverage, Gap, GapReason } from '../../../model/gap.ts';
import type { Target } from '../../plan/contract.ts';

/** Something that an earlier run could not read. Later runs try it again only where the gap names an object. */
export interface KnownGap {
  /** Which line of the ledger it is on. */
  readonly scope: string;
  readonly gap: Gap;
}

/**
 * Reasons that lie in an object or in the settings. All others (a time-out) may be gone with the next scan of
 * everything.
 */
const LASTING: ReadonlySet<GapReason> = new Set([
  'too-large',
  'corrupt',
  'missing-object',
  'unreadable',
  'limit',
  'unsupported',
  'malformed',
]);

/**
 * What a target's collector could not read. Returns a sentence instead where a state would promise too much: a scope
 * failed as a whole, a gap is not a lasting one, or there are more than the ledger lists.
 */
export function collectKnownGaps(target: Target, coverage: readonly Coverage[]): readonly KnownGap[] | string {
  const own = coverage.filter((line) => isOwn(line, target));
  const failed = own.find((line) => line.state === 'failed');
  if (failed !== undefined) return failed.gaps.find((gap) => gap.scope === true)?.message ?? `${failed.scope} failed`;
  const open = own.find(({ gaps, moreGaps }) => moreGaps > 0 || !gaps.every((gap) => LASTING.has(gap.reason)));
  if (open !== undefined) return `${open.scope} has gaps`;
  return own.flatMap(({ scope, gaps }) => gaps.map((gap) => ({ scope, gap })));
}

/** Names known gaps again, so that no run calls clean what an earlier one could not read. */
export function addKnownGaps(
  target: Target,
  coverage: readonly Coverage[],
  knownGaps: readonly KnownGap[],
): Coverage[] {
  const lines = [...coverage];
  for (const { scope, gap } of knownGaps) {
    const index = lines.findIndex((line) => isOwn(line, target) && line.scope === scope);
    const line = lines[index] ?? emptyLine(target, scope);
    const gaps = line.gaps.some((other) => isSame(other, gap)) ? line.gaps : [...line.gaps, gap];
    lines[index < 0 ? lines.length : index] = { ...line, gaps, state: line.state === 'ok' ? 'partial' : line.state };
  }
  return lines;
}

/** Reads known gaps out of a state; undefined where they are none. */
export function isKnownGap(value: unknown): value is KnownGap {
  if (typeof value !== 'object' || value === null || !('scope' in value) || !('gap' in value)) return false;
  const { scope, gap } = value;
  if (typeof scope !== 'string' || typeof gap !== 'object' || gap === null) return false;
  const { reason, subject, message, blob = '', commit = '', ...rest } = gap as Record<string, unknown>;
  const areTexts = typeof subject === 'string' && typeof message === 'string' && isId(blob) && isId(commit);
  return areTexts && LASTING.has(reason as GapReason) && Object.keys(rest).length === 0;
}

function isId(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{0,64}$/.test(value);
}

/** Whether the collector tries again, and names the gap again where nothing changed. */
export function isTriedAgain({ gap }: KnownGap): boolean {
  return gap.blob !== undefined;
}

function isOwn(line: Coverage, { address, collector }: Target): boolean {
  return line.target === address.text && line.collector === collector.id;
}

function isSame(a: Gap, b: Gap): boolean {
  return a.reason === b.reason && a.subject === b.subject && a.message === b.message;
}

function emptyLine({ address, collector }: Target, scope: string): Coverage {
  const counts = { planned: 0, scanned: 0, bytes: 0, skipped: {}, moreGaps: 0 };
  return {
    collector: collector.id,
    target: address.text,
    scope,
    unit: 'items',
    ...counts,
    state: 'ok',
    gaps: [],
    facts: {},
  };
}
