/** A piece of a template: text, or a directive with what stands between its braces. */
export interface Part {
  readonly text: string;
  readonly directive?: string;
  /** First word of a directive, and the rest. */
  readonly word?: string;
  readonly rest?: string;
  /** Set for `if`, `range`, `with`, `define`, `block`. */
  readonly opens?: boolean;
  /** Set for what opens a block that ends on its line. */
  inline?: boolean;
}

const OPENERS: ReadonlySet<string> = new Set(['if', 'range', 'with', 'define', 'block']);

/** Splits a template. What no braces close is text. */
export function readParts(text: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (let start = text.indexOf('{{'); start >= 0; start = text.indexOf('{{', at)) {
    const end = findEnd(text, start);
    if (end < 0) break;
    if (start > at) parts.push({ text: text.slice(at, start) });
    parts.push(readDirective(text.slice(start, end)));
    at = end;
  }
  if (at < text.length) parts.push({ text: text.slice(at) });
  markInline(parts);
  return parts;
}

/** A comment may hold braces. */
function findEnd(text: string, start: number): number {
  const comment = /^\{\{-?\s{0,10}\/\*/.exec(text.slice(start, start + 20));
  const from = comment === null ? start : text.indexOf('*/', start);
  const close = from < 0 ? -1 : text.indexOf('}}', from);
  return close < 0 ? -1 : close + 2;
}

function readDirective(text: string): Part {
  const directive = text
    .replace(/^\{\{-?/, '')
    .replace(/-?\}\}$/, '')
    .trim();
  const [, word = '', rest = ''] = /^([a-z]+)\b([\s\S]*)$/.exec(directive) ?? [];
  return { text, directive, word, rest: rest.trim(), opens: OPENERS.has(word) };
}

/** Takes away the blanks that a directive asks to: `{{-` those before it, `-}}` those behind it. */
export function trimParts(parts: readonly Part[]): Part[] {
  return parts.map((part, at) => {
    if (part.directive !== undefined) return part;
    const before = parts[at - 1]?.text.endsWith('-}}') === true ? part.text.trimStart() : part.text;
    return { text: parts[at + 1]?.text.startsWith('{{-') === true ? before.trimEnd() : before };
  });
}

function markInline(parts: readonly Part[]): void {
  const open: { readonly part: Part; lines: number }[] = [];
  let lines = 0;
  for (const part of parts) {
    if (part.opens) open.push({ part, lines });
    const opened = part.word === 'end' ? open.pop() : undefined;
    if (opened?.lines === lines) opened.part.inline = true;
    lines += part.text.split('\n').length - 1;
  }
}

/** Indexes of the directives whose block has an `else`. */
export function findElses(parts: readonly Part[]): ReadonlySet<number> {
  const elses = new Set<number>();
  const open: number[] = [];
  for (const [at, part] of parts.entries()) {
    const start = open.at(-1);
    if (part.opens) open.push(at);
    else if (part.word === 'end') open.pop();
    else if (part.word === 'else' && start !== undefined) elses.add(start);
  }
  return elses;
}
