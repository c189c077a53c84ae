import { isYamlProblem, readYaml } from '../../lib/yaml/read.ts';
import { type Chart, readValue } from './values.ts';

/** A line that writes a list below a key: `{{- include "shop.rules" . | nindent 2 }}`, or `toYaml .Values.rules`. */
const LIST =
  /^[ \t]*\{\{-?\s*(?:include\s+"([\w./-]+)"\s+[.$]|toYaml\s+\$?\.(Values(?:\.\w+)+))\s*\|\s*n?indent\s+(\d{1,2})\s*-?\}\}[ \t]*\r?$/;
/** The same behind its key: `resources: {{ toYaml .Values.resources | nindent 2 }}`. */
const BEHIND_KEY =
  /^([ \t]*(?:- )?[\w-]+:[ \t]+)\{\{-?\s*toYaml\s+\$?\.(Values(?:\.\w+)+)\s*\|\s*nindent\s+\d{1,2}\s*-?\}\}[ \t]*\r?$/;
const DIRECTIVE_LINE = /^[ \t]*\{\{[^}]*\}\}[ \t]*\r?$/;
/** What writes nothing: blank lines, comments, conditions and their ends. */
const SILENT = /^\s*(?:\{\{-?\s*(?:(?:if|else|end|with|range)\b|\$\w+\s*:?=|\/\*)[^}]*\}\}\s*)?$/;
/** Most lists of one file, and most characters of one. */
const MOST_LISTS = 50;
const LONGEST = 64 * 1024;

/**
 * Writes out the lists that a named template or a value gives, each on its one line, so that line numbers stay the
 * same. Only where the list is all that stands below its key.
 */
export async function writeLists(text: string, chart: Chart, plain: (text: string) => string): Promise<string> {
  if (!/\bn?indent\b/.test(text)) return text;
  const lines = text.split('\n');
  let left = MOST_LISTS;
  for (const [at, line] of lines.entries()) {
    const [, key = '', behind] = BEHIND_KEY.exec(line) ?? [];
    if (behind !== undefined && left-- > 0)
      lines[at] = `${key}${writtenList(readValue(chart.values, behind)) ?? line.slice(key.length)}`;
    const [, helper, path, indent = '0'] = LIST.exec(line) ?? [];
    if (helper === undefined && path === undefined) continue;
    if (left-- <= 0) break;
    if (!isAlone(lines, at, Number(indent))) continue;
    const list = path === undefined ? await listBy(helper ?? '', chart, plain) : readValue(chart.values, path);
    const written = writtenList(list);
    if (written !== undefined) lines[at] = `${' '.repeat(Number(indent))} ${written}`;
  }
  return lines.join('\n');
}

function writtenList(value: unknown): string | undefined {
  const written = Array.isArray(value) ? JSON.stringify(value) : undefined;
  return written !== undefined && written.length <= LONGEST ? written : undefined;
}

async function listBy(helper: string, chart: Chart, plain: (text: string) => string): Promise<unknown> {
  const body = chart.helpers.get(helper) ?? '';
  if (body.length > LONGEST || !/^[ \t]*- /m.test(body)) return undefined;
  const read = await readYaml(plain(body));
  return isYamlProblem(read) ? undefined : read.value;
}

/** True where the text before opens a key, what follows belongs to another one, and nothing between writes more. */
function isAlone(lines: readonly string[], at: number, indent: number): boolean {
  const before = textFrom(lines, at, -1);
  const after = textFrom(lines, at, 1);
  if (before === undefined || after === undefined || !/^ *[\w-]+:\s*$/.test(before) || /^ *- /.test(after))
    return false;
  return after === '' || after.length - after.trimStart().length < indent;
}

/** The next line with a text; empty at an end. Undefined where a directive before it may write. */
function textFrom(lines: readonly string[], at: number, step: number): string | undefined {
  let next = at + step;
  while (SILENT.test(lines[next] ?? '-')) next += step;
  const line = lines[next] ?? '';
  return DIRECTIVE_LINE.test(line) ? undefined : line;
}
