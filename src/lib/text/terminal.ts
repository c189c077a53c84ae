/**
 * Text for terminals: cleaning of foreign text, colour, width and wrapping. Knows nothing of what is printed.
 */

/** Terminal commands: CSI sequences, OSC strings (titles, links) and two-byte escapes. Each alternative is linear. */
const ESCAPE_SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g;
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
/**
 * C0, DEL, C1, soft hyphen, bidi controls, zero-width and tag characters: nothing a reader can see, all that can
 * deceive.
 */
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const LONE_SURROGATES = /\p{Surrogate}/gu;

/**
 * One safe line of a text that others wrote (file names, commit text, answers): escape sequences, control, bidi and
 * invisible characters go, line breaks and tabs become one space, broken surrogates U+FFFD.
 */
export function cleanText(text: string): string {
  return text.replace(ESCAPE_SEQUENCES, '').replace(BREAKS, ' ').replace(UNSEEN, '').replace(LONE_SURROGATES, '\ufffd');
}

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  underline: [4, 24],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const;

export type Style = keyof typeof CODES;

/** Puts styles around a text, or gives it back as it is. */
export type Paint = (text: string, ...styles: readonly Style[]) => string;

/** A painter for one output. `color: false` gives plain text, whatever the environment says. */
export function makePaint(color: boolean): Paint {
  return color ? paintText : plainText;
}

function plainText(text: string): string {
  return text;
}

function paintText(text: string, ...styles: readonly Style[]): string {
  let painted = text;
  for (const style of styles) {
    const [on, off] = CODES[style];
    painted = `\u001b[${on}m${painted}\u001b[${off}m`;
  }
  return painted;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
const MARK = /\p{M}/u;

/** Columns that a text takes: wide characters two, combining marks none, colour codes none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text.replace(ESCAPE_SEQUENCES, '')) width += characterWidth(character);
  return width;
}

function characterWidth(character: string): number {
  if (character >= ' ' && character <= '~') return 1;
  if (MARK.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** Adds spaces up to a width. */
export function padText(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/**
 * Breaks a plain text into lines of at most `width` columns at spaces. A longer word stays whole: a path or a key that
 * is broken cannot be copied.
 */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && displayWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return line === '' ? lines : [...lines, line];
}
