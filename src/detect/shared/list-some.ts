const MOST = 20;

/** The first texts of a list for a report; the last entry says how many are left out. */
export function listSome(texts: readonly string[]): readonly string[] {
  return texts.length <= MOST ? texts : [...texts.slice(0, MOST), `and ${texts.length - MOST} more`];
}
