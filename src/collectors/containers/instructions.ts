/** One instruction of a Dockerfile, with its continued lines joined. */
export interface Instruction {
  readonly name: string;
  readonly rest: string;
  readonly line: number;
}

const HEREDOC = /<<-?\s?(["']?)([A-Za-z_]\w{0,63})\1/g;
const MOST_LINES = 20_000;

/**
 * Splits a Dockerfile into instructions: comments and texts of here-documents are left out, continued lines joined.
 * `cut`: there are more lines than are read.
 */
export function instructionsOf(text: string): { readonly instructions: readonly Instruction[]; readonly cut: boolean } {
  const lines = text.split('\n', MOST_LINES + 1);
  const continuation = /^#\s*escape\s*=\s*`/im.test(lines.slice(0, 5).join('\n')) ? '`' : '\\';
  const instructions: Instruction[] = [];
  const last = new Map(lines.map((line, index) => [line.trim(), index]));
  for (let index = 0; index < Math.min(lines.length, MOST_LINES); ) {
    const { parts, next } = readInstruction(lines, index, continuation);
    const joined = parts.join(' ').trim();
    const [, name = '', rest = ''] = /^([A-Za-z]+)\s+(.*)$/s.exec(joined) ?? [];
    if (name !== '') instructions.push({ name: name.toUpperCase(), rest, line: index + 1 });
    index = afterHeredocs(lines, next, /^(?:run|copy|add)$/i.test(name) ? rest : '', last);
  }
  return { instructions, cut: lines.length > MOST_LINES };
}

function readInstruction(
  lines: readonly string[],
  from: number,
  continuation: string,
): { parts: string[]; next: number } {
  const parts: string[] = [];
  let index = from;
  for (; index < lines.length; index += 1) {
    const line = (lines[index] ?? '').trimEnd();
    const isComment = /^\s*#/.test(line);
    if (isComment && parts.length > 0) continue;
    if (isComment) return { parts, next: index + 1 };
    const goesOn = line.endsWith(continuation);
    parts.push(goesOn ? line.slice(0, -1) : line);
    if (!goesOn) break;
  }
  return { parts, next: index + 1 };
}

/** The index behind texts that begin with `<<NAME`. `last`: where a line stands for the last time. */
function afterHeredocs(
  lines: readonly string[],
  from: number,
  rest: string,
  last: ReadonlyMap<string, number>,
): number {
  let index = from;
  for (const [, , name = ''] of rest.matchAll(HEREDOC)) {
    if ((last.get(name) ?? -1) < index) return index;
    while (lines[index]?.trim() !== name) index += 1;
    index += 1;
  }
  return index;
}

/** Splits words at blanks; quotes and backslashes keep them together and are taken away. */
export function wordsOf(text: string): readonly string[] {
  const words = text.match(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/gs) ?? [];
  return words.map((word) => word.replace(/\\(.)|["']/gs, '$1'));
}
