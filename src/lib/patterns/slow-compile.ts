/** An optional single thing: `a?`, `(a|)`, `a{0,2}`. `(?` opens a group and `+?` is lazy: they are none. */
const OPTIONAL = /(?<![(*+])\?|\|\)|\(\||\(\?:\||\|\||\{0,/g;
/** A group that is repeated a number of times: V8 writes it out, up to six times. */
const COUNTED_GROUP = /\)\{\d/;
const WRITTEN_OUT = 6;
/** With so many V8 needs a third of a second. */
const MOST_OPTIONAL = 40;

/**
 * Whether V8 might compile a pattern for minutes. The time grows with the fifth power of the optional things in a row:
 * `^(x)?\1a?a?...b` takes 1 s with 60 of them, 19 s with 100. Nothing can stop it, no time limit either, so a pattern
 * that only V8 can run is not run at all.
 */
export function compilesForMinutes(source: string): boolean {
  const optional = source.match(OPTIONAL)?.length ?? 0;
  return optional * (COUNTED_GROUP.test(source) ? WRITTEN_OUT : 1) > MOST_OPTIONAL;
}
