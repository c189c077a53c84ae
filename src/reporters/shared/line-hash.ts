/** Characters that a hash covers, counted without spaces and tabs, starting at the line's first. */
const WINDOW = 100;
const MULTIPLIER = 37;
const HALF = 2 ** 32;
const TAB = 9;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const END_OF_FILE = 65535;

/**
 * Hash per line as GitHub code scanning identifies alerts by (`partialFingerprints.primaryLocationLineHash`). The
 * algorithm is a public fact of github/codeql-action: a polynomial over the next 100 UTF-16 units that are no space or
 * tab, with line ends as one line feed and the end of the file as 65535 and zeros. The result is 64 bits in unsigned
 * hex, and the number of times that this hash occurred so far in the file. This implementation is our own: it keeps the
 * stripped text and computes only the requested lines.
 *
 * Returns the value for 1-based line `n` at index `n - 1`.
 */
export function hashLines(text: string): string[] {
  const { units, starts } = stripText(text);
  const seen = new Map<string, number>();
  return starts.map((start) => {
    const hash = hashWindow(units, start);
    const count = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, count);
    return `${hash}:${count}`;
  });
}

interface Stripped {
  /** UTF-16 units without spaces and tabs, line ends normalised, end marker appended. */
  readonly units: Uint16Array;
  /** Index in `units` where each line starts. */
  readonly starts: readonly number[];
}

function stripText(text: string): Stripped {
  const units = new Uint16Array(text.length + 1);
  const starts = [0];
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit === SPACE || unit === TAB) continue;
    if (unit === LINE_FEED && text.charCodeAt(index - 1) === CARRIAGE_RETURN) continue;
    const isBreak = unit === LINE_FEED || unit === CARRIAGE_RETURN;
    units[length] = isBreak ? LINE_FEED : unit;
    length += 1;
    if (isBreak) starts.push(length);
  }
  units[length] = END_OF_FILE;
  return { units: units.subarray(0, length + 1), starts };
}

/** Two unsigned 32-bit halves: plain numbers hold `low * 37 + unit` exactly, and are far faster than BigInt here. */
function hashWindow(units: Uint16Array, start: number): string {
  let high = 0;
  let low = 0;
  for (let index = start; index < start + WINDOW; index += 1) {
    const sum = low * MULTIPLIER + (units[index] ?? 0);
    low = sum % HALF;
    high = (Math.imul(high, MULTIPLIER) + Math.floor(sum / HALF)) >>> 0;
  }
  return high === 0 ? low.toString(16) : high.toString(16) + low.toString(16).padStart(8, '0');
}
