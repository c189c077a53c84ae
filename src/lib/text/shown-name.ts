/** Words of lower-case letters, joined as in `fail-on`, `file_bytes`, `unused.days` or `noMatch`. */
const NAME = /^[a-z]+(?:[-_.][a-z]+|[A-Z][a-z]+)*$/;
const LONGEST_NAME = 40;
/** A text as short as this tells too little of a secret to be hidden. */
const TELLS_LITTLE = 11;

/**
 * A key of a file as a message may show it. A slip turns a value into a key (`rules: { <password> }`), so only what
 * looks like a name is shown; the message tells the place in any case.
 */
export function shownName(key: string): string {
  const isName = key.length <= LONGEST_NAME && NAME.test(key);
  return isName || key.length <= TELLS_LITTLE ? key : '(not shown: it may be a value)';
}
