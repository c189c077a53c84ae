/** A line that is a comment: `#`, `//`, `--`, `;`, `*` of a block, `<!--`, and that of a template. No `#define`. */
const COMMENT_LINE =
  /^[ \t]{0,80}(?:#(?![ \t]{0,4}(?:define|if|set|include)\b)|\/\/|--[ \t]|;|\*[ \t]|<!--|\{\{-?[ \t]{0,4}\/\*)/;
/** A block comment begins its line; elsewhere the two characters are a pattern of paths. */
const BLOCK_OPENS = /(?:^|\n)[ \t]{0,80}\/\*/g;

/** True where the line of a value is a comment, or a block comment is open before it. */
export function isCommented(before: string): boolean {
  if (COMMENT_LINE.test(before.slice(before.lastIndexOf('\n') + 1))) return true;
  const opens = [...before.matchAll(BLOCK_OPENS)].at(-1);
  return opens !== undefined && opens.index + opens[0].length > before.lastIndexOf('*/') + 1;
}
