/** A line that is neither empty nor a comment, without the space around it. */
export interface EntryLine {
  readonly text: string;
  /** Counts from 1. */
  readonly number: number;
}

/**
 * Entries of a file that has one a line and comments with `#`. One after the other: an ignore file of hundreds of
 * thousands of lines is no rarity, and a list of them takes more memory than what is made of them.
 */
export function* entryLines(text: string): Generator<EntryLine> {
  let start = 0;
  for (let number = 1; start <= text.length; number += 1) {
    const lineEnd = text.indexOf('\n', start);
    const end = lineEnd < 0 ? text.length : lineEnd;
    const line = text.slice(start, end).trim();
    if (line !== '' && !line.startsWith('#')) yield { text: line, number };
    start = end + 1;
  }
}
