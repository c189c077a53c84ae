const [QUOTE, BACKSLASH, MINUS, PLUS, DOT, ZERO, NINE, SPACE] = [34, 92, 45, 43, 46, 48, 57, 32];
/** What may stand behind a backslash, but for `u` with four digits. */
const ESCAPES: ReadonlySet<number | undefined> = new Set(Buffer.from('"\\/bfnrt'));
const U = 117;
const WORDS = ['true', 'false', 'null'].map((word) => Buffer.from(word));

/** From behind a quote moves behind the one that ends the text; -1 where `JSON.parse` would not read it. */
export function skipText(bytes: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) {
      at = skipEscape(bytes, at + 1);
      if (at < 0) return -1;
    } else if (byte === undefined || byte < SPACE) return -1;
    else at += 1;
  }
}

function skipEscape(bytes: Uint8Array, at: number): number {
  if (ESCAPES.has(bytes[at])) return at + 1;
  if (bytes[at] !== U) return -1;
  for (let digit = at + 1; digit <= at + 4; digit += 1) if (!isHex(bytes[digit])) return -1;
  return at + 5;
}

/** Moves behind a number, `true`, `false` or `null`; -1 where there is none. */
export function skipWord(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === MINUS || isDigit(byte)) return skipNumber(bytes, at);
  const word = WORDS.find((letters) => letters[0] === byte);
  return word?.every((letter, index) => bytes[at + index] === letter) ? at + word.length : -1;
}

function skipNumber(bytes: Uint8Array, start: number): number {
  const first = bytes[start] === MINUS ? start + 1 : start;
  let at = bytes[first] === ZERO ? first + 1 : skipDigits(bytes, first);
  if (at >= 0 && bytes[at] === DOT) at = skipDigits(bytes, at + 1);
  if (at < 0 || !isE(bytes[at])) return at;
  const sign = bytes[at + 1];
  return skipDigits(bytes, sign === PLUS || sign === MINUS ? at + 2 : at + 1);
}

/** Moves behind digits, of which there must be some. */
function skipDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while (isDigit(bytes[at])) at += 1;
  return at === start ? -1 : at;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function isE(byte: number | undefined): boolean {
  return byte === 101 || byte === 69;
}

function isHex(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return isDigit(byte) || (byte >= 65 && byte <= 70) || (byte >= 97 && byte <= 102);
}
