/**
 * True when the text matches the pattern: `*` is any run of characters, `?` any one. Everything else is literal. Takes
 * time in proportion to both lengths multiplied at worst, whatever the pattern: safe for hostile patterns and texts.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    const char = pattern[inPattern];
    if (char === '*') {
      star = inPattern;
      resume = at;
      inPattern += 1;
    } else if (char !== undefined && (char === '?' || char === text[at])) {
      at += 1;
      inPattern += 1;
    } else if (star >= 0) {
      resume += 1;
      at = resume;
      inPattern = star + 1;
    } else return false;
  }
  while (pattern[inPattern] === '*') inPattern += 1;
  return inPattern === pattern.length;
}
