/**
 * Foreign text as a code span: no markup, link, mention or tag begins in it, whatever it holds. The fence is longer
 * than any run of backticks inside. The text must be one line.
 */
export function codeSpan(text: string): string {
  const shown = text.trim() === '' ? '(empty)' : text;
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = /^[` ]|[` ]$/.test(shown) ? ' ' : '';
  return `${fence}${space}${shown}${space}${fence}`;
}
