/** Words, joined as in `fail-on`, `file_bytes`, `unused.days` or `noMatch`; `Exclude`; the number of an entry. */
const NAME = /^(?:[A-Z]?[a-z]+(?:[-_.][a-z]+|[A-Z][a-z]+)*|\d{1,4})$/;
const LONGEST_NAME = 40;
/** So few characters tell nothing of a secret. */
const TELLS_NOTHING = 3;

/**
 * A key of a file as a message may show it. A slip turns a value into a key (`rules: { <password> }`), so only what
 * looks like a name is shown; the message tells the place in any case.
 */
export function shownName(key: string): string {
  const isName = key.length <= LONGEST_NAME && NAME.test(key);
  return isName || key.length <= TELLS_NOTHING ? key : '(not shown: it may be a value)';
}
