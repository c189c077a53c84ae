/** A line that is neither empty nor a comment, trimmed. */
export interface EntryLine {
  readonly text: string;
  /** Counts from 1. */
  readonly number: number;
}

/**
 * Yields the entries of a file that has one a line, without comments (`#`). They are not collected in a list, because
 * an ignore file may have hundreds of thousands of lines, and the list would take more memory than what is made of
 * them.
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
