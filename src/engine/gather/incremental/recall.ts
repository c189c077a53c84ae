import type { AgainPlace } from '../../../collectors/collected.ts';
import type { ConfirmedMatch } from '../../../detect/confirm.ts';
import { readLine } from '../../../detect/locate.ts';
import { defined } from '../../../lib/fields/defined.ts';
import type { Artifact } from '../../../model/artifact.ts';
import type { CheckResult, Match } from '../../../model/match.ts';
import { Secret } from '../../../model/secret.ts';

/**
 * What was found out about a match, but for its value: where the same value stands in the same lines of the same
 * object, and the same rules look at it, the verdict is the same.
 */
export interface KnownMatch extends Pick<Match, 'grade' | 'confidence' | 'facts' | 'keys' | 'checks'> {
  /** Keyed fingerprint of the value. */
  readonly value: string;
  /** Length of the text of its lines, and where in it the value starts: UTF-16 code units. */
  readonly line: readonly [length: number, start: number];
}

export type Fingerprint = (secret: Secret) => string;

/** What to know of a match the next time; undefined where it has to be looked at again then. */
export function rememberMatch({ match, lineText }: ConfirmedMatch, fingerprint: Fingerprint): KnownMatch | undefined {
  const { secret, parts, location, facts, grade, confidence, keys, checks } = match;
  // Parts may be half of a pair of secrets. What is decoded is not where the place says. What has not expired yet,
  // will.
  const isPlain = location.decoded === undefined && location.blob !== undefined && Object.keys(parts).length === 0;
  if (!isPlain || facts['expired'] === false) return undefined;
  const start = lineText.indexOf(secret.reveal());
  // An object never changes, so these two say which part of it the text of the lines was.
  if (start < 0 || start !== lineText.lastIndexOf(secret.reveal())) return undefined;
  return { value: fingerprint(secret), line: [lineText.length, start], grade, confidence, facts, keys, checks };
}

/** A match that is known, as it stands in a text now; undefined where it is not there as it was. */
export function recallMatch(
  artifact: Artifact,
  { at, lines }: AgainPlace,
  { rule: ruleId, known }: { readonly rule: string; readonly known: KnownMatch },
  fingerprint: Fingerprint,
): ConfirmedMatch | undefined {
  const bytes = Buffer.from(artifact.bytes.buffer, artifact.bytes.byteOffset, artifact.bytes.length);
  const text = bytes.toString('utf8', lines.start, lines.end);
  const [from, to] = [at.startColumn - 1, offsetOfLine(text, at.endLine - at.startLine) + at.endColumn - 1];
  if (from >= to || to > text.length) return undefined;
  const secret = new Secret(text.slice(from, to));
  if (fingerprint(secret) !== known.value) return undefined;
  const start = lines.start + Buffer.byteLength(text.slice(0, from));
  const lineText = readLine(bytes, { start, end: start + Buffer.byteLength(secret.reveal()) });
  const [length, offset] = known.line;
  if (lineText.length !== length || !lineText.startsWith(secret.reveal(), offset)) return undefined;
  const { grade, confidence, facts, keys, checks } = known;
  const { path, ...origin } = artifact.origin;
  const { startLine, startColumn, endLine, endColumn, cell } = at;
  const location = { ...origin, path, startLine, startColumn, endLine, endColumn, ...defined({ cell }) };
  return { match: { ruleId, secret, parts: {}, location, grade, confidence, facts, keys, checks }, lineText };
}

/** Where the line starts that follows so many line ends; the end of the text where there is none. */
function offsetOfLine(text: string, lineEnds: number): number {
  let offset = 0;
  for (let linesLeft = lineEnds; linesLeft > 0; linesLeft -= 1) {
    const end = text.indexOf('\n', offset);
    if (end < 0) return text.length;
    offset = end + 1;
  }
  return offset;
}

/** What is known of a match as a state has it: its checks are numbers in a list, because most of them say the same. */
export type PackedMatch = Omit<KnownMatch, 'checks'> & { readonly checks: readonly number[] };

/** Lists what checks said, each once. */
export class CheckPacker {
  readonly checks: CheckResult[] = [];
  readonly #numbers = new Map<string, number>();

  pack({ checks, ...known }: KnownMatch): PackedMatch {
    return { ...known, checks: checks.map((check) => this.#numberOf(check)) };
  }

  #numberOf(result: CheckResult): number {
    const key = `${result.check}\n${result.state}\n${result.reason}`;
    const number = this.#numbers.get(key) ?? this.checks.push(result) - 1;
    this.#numbers.set(key, number);
    return number;
  }
}

/** Undefined where a check is not in the list. */
export function unpackMatch(packed: PackedMatch, list: readonly CheckResult[]): KnownMatch | undefined {
  const checks = packed.checks.map((number) => list[number]);
  return checks.every((check) => check !== undefined) ? { ...packed, checks } : undefined;
}

/** Reads what is known of a match out of a state. */
export function isPackedMatch(value: unknown): value is PackedMatch {
  if (!isRecord(value)) return false;
  const { value: fingerprint, line, grade, confidence, facts, keys, checks } = value;
  const isPlaced = typeof fingerprint === 'string' && isListOf(line, Number.isSafeInteger);
  const isGraded = isOneOf(['secret', 'placeholder'], grade) && isOneOf(['high', 'medium', 'low'], confidence);
  return isPlaced && isGraded && isRecord(facts) && isListOf(keys, isKey) && isListOf(checks, Number.isSafeInteger);
}

function isKey(value: unknown): boolean {
  return isRecord(value) && typeof value['kind'] === 'string' && typeof value['value'] === 'string';
}

export function areChecks(value: unknown): value is CheckResult[] {
  return isListOf(value, isCheck);
}

function isCheck(value: unknown): boolean {
  if (!isRecord(value) || typeof value['check'] !== 'string' || typeof value['reason'] !== 'string') return false;
  return isOneOf(['pass', 'lower', 'not-applicable'], value['state']);
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isOneOf(words: readonly string[], value: unknown): boolean {
  return typeof value === 'string' && words.includes(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
