import type { Coverage, Gap, Skip, SkipReason } from '../../model/gap.ts';
import { compareText } from '../../model/location.ts';

/** Gaps listed per scope; the rest is counted. Bounds the report on a tree full of unreadable files. */
const LISTED_GAPS = 100;
/** Files named per scope that declare identities and are not read; the rest is counted. */
const NAMED_SKIPS = 10;

interface Line {
  readonly collector: string;
  readonly target: string;
  readonly scope: string;
  unit: string;
  planned: number;
  scanned: number;
  bytes: number;
  missed: number;
  skipped: Partial<Record<SkipReason, number>>;
  gaps: Gap[];
  moreGaps: number;
  failed: boolean;
  facts: Record<string, string | number | boolean>;
}

/**
 * The coverage ledger of a run: every planned thing ends as scanned, skipped or missed, and the ledger can prove it.
 */
export class Ledger {
  readonly #lines = new Map<string, Line>();
  /** A scan counts file after file on one line. */
  #lastKey: LedgerKey | undefined;
  #lastLine: Line | undefined;

  /** Adds to the plan of a scope. */
  plan(key: LedgerKey, unit: string, count: number, facts: Coverage['facts'] = {}): void {
    const line = this.#line(key);
    line.unit = unit;
    line.planned += count;
    Object.assign(line.facts, facts);
  }

  scanned(key: LedgerKey, count: number, bytes: number): void {
    const line = this.#line(key);
    line.scanned += count;
    line.bytes += bytes;
  }

  /** Counts one of the scanned again, as one that looks binary. */
  binary(key: LedgerKey, bytes: number): void {
    const { facts } = this.#line(key);
    facts['binary'] = Number(facts['binary'] ?? 0) + 1;
    facts['binaryBytes'] = Number(facts['binaryBytes'] ?? 0) + bytes;
  }

  skip(key: LedgerKey, skip: Skip): void {
    const { skipped, facts } = this.#line(key);
    const count = (skipped[skip.reason] ?? 0) + 1;
    skipped[skip.reason] = count;
    if (skip.reason === 'declarations-not-read') facts['notRead'] = nameOneMore(facts['notRead'], skip.subject, count);
  }

  /** `planned: false`: the gap is inside something that is counted already (one entry of an archive that was read). */
  gap(key: LedgerKey, gap: Gap, planned = true): void {
    const line = this.#line(key);
    if (planned && gap.scope !== true) line.missed += 1;
    line.failed ||= gap.scope === true;
    if (line.gaps.length < LISTED_GAPS) line.gaps.push(gap);
    else line.moreGaps += 1;
  }

  /** Ledger lines in a stable order. A plan that does not add up is itself a gap: nothing may vanish. */
  close(): Coverage[] {
    const lines = [...this.#lines.values()];
    for (const line of lines) this.#settle(line);
    return lines.map(toCoverage).sort((a, b) => compareText(keyText(a), keyText(b)));
  }

  #settle(line: Line): void {
    const skipped = Object.values(line.skipped).reduce((sum, count) => sum + count, 0);
    const lost = line.planned - line.scanned - skipped - line.missed;
    if (lost <= 0 || line.failed) return;
    const message = `${lost} of ${line.planned} planned ${line.unit} were neither scanned nor accounted for`;
    line.gaps.push({ reason: 'bug', subject: line.scope, message });
  }

  #line(key: LedgerKey): Line {
    if (key === this.#lastKey && this.#lastLine !== undefined) return this.#lastLine;
    this.#lastKey = key;
    this.#lastLine = this.#findLine(key);
    return this.#lastLine;
  }

  #findLine(key: LedgerKey): Line {
    const text = keyText(key);
    const existing = this.#lines.get(text);
    if (existing !== undefined) return existing;
    const counts = { unit: 'items', planned: 0, scanned: 0, bytes: 0, missed: 0, moreGaps: 0, failed: false };
    const line: Line = { ...key, ...counts, skipped: {}, gaps: [], facts: {} };
    this.#lines.set(text, line);
    return line;
  }
}

/** The names of the first few, and how many there are beside them. */
function nameOneMore(names: string | number | boolean | undefined, subject: string, count: number): string {
  if (names === undefined) return subject;
  const first = String(names).replace(/ and \d+ more$/, '');
  return count <= NAMED_SKIPS ? `${first}, ${subject}` : `${first} and ${count - NAMED_SKIPS} more`;
}

/** Names a ledger line. Never changed once made: the ledger knows it again by identity. */
export interface LedgerKey {
  readonly collector: string;
  readonly target: string;
  readonly scope: string;
}

function keyText(key: LedgerKey): string {
  return `${key.target}\n${key.collector}\n${key.scope}`;
}

function toCoverage(line: Line): Coverage {
  const { collector, target, scope, unit, planned, scanned, bytes, skipped, gaps, moreGaps, facts } = line;
  const whole = gaps.length === 0;
  const state = line.failed ? 'failed' : whole ? 'ok' : 'partial';
  return { collector, target, scope, unit, planned, scanned, bytes, skipped, state, gaps, moreGaps, facts };
}
