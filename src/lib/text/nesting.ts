const LF = 10;
const SPACE = 32;
const COLON = 58;
/**
 * What a byte does: opens a bracket, closes one, or opens a block inside a block on a line of YAML: `- - - x`, `? ? x`.
 */
const [OPENS, CLOSES, INDICATES] = [1, 2, 4];
const DEEDS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if ('[{('.includes(character)) return OPENS;
  if (']})'.includes(character)) return CLOSES;
  return '-?:'.includes(character) ? INDICATES : 0;
});

/** `a: b: c` is no YAML, but its parser goes one level down for each. So many on a line are no sentence either. */
const KEYS_PER_LEVEL = 10;

/**
 * True when a text in JSON, YAML or a like notation may nest deeper than `limit`: by brackets, by indicators at the
 * start of a line, by keys behind each other, or by indentation. Brackets and colons in strings count too, so the
 * answer is careful rather than exact. One pass over bytes.
 *
 * Recursive parsers must not be given such a text: V8 ends the whole process when a regular expression is compiled
 * close to the end of the stack, and no `catch` sees that.
 */
export function nestsDeeper(bytes: Uint8Array, limit: number): boolean {
  let open = 0;
  let block = 0;
  let keys = 0;
  let atStart = true;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    const deed = DEEDS[byte];
    if (byte === LF) {
      atStart = true;
      block = 0;
      keys = 0;
    } else if (atStart && byte !== SPACE) {
      if (deed === INDICATES && bytes[at + 1] === SPACE) block += 1;
      else atStart = false;
    } else if (atStart) block += 0.5;
    if (byte === COLON && open === 0 && bytes[at + 1] === SPACE) keys += 1;
    if (deed === OPENS) open += 1;
    else if (deed === CLOSES) open = Math.max(0, open - 1);
    if (open > limit || (!atStart && block > limit) || keys > limit * KEYS_PER_LEVEL) return true;
  }
  return block > limit;
}
