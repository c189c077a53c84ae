const MOST_PAIRS = 2000;
const PAIR =
  /<key>([^<]{1,200})<\/key>\s{0,200}(?:<array>\s{0,200})?(?:<(string|date|integer)>([^<]{0,2000})<\/\2>|<(true|false)\s?\/>)/g;

/** The plain values of a list of properties by their key, the first of each; of a list its first text. */
export function readPlist(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let left = MOST_PAIRS;
  for (const [, key = '', , value, flag] of text.matchAll(PAIR)) {
    left -= 1;
    if (left < 0) break;
    if (!values.has(key)) values.set(key, value ?? flag ?? '');
  }
  return values;
}
