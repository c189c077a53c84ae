import type { Gap } from '../../../model/gap.ts';
import type { ClientFile } from './client-file.ts';

/** `name = value` in a section, with its line. A name alone has an undefined value. */
export interface IniEntry {
  readonly name: string;
  readonly value: string | undefined;
  readonly line: number;
}

/** A section with its entries. What stands above the first header is in a section without a name. */
export interface IniSection {
  readonly name: string;
  readonly line: number;
  readonly entries: readonly IniEntry[];
}

/** The sections of a text in their order, and the lines that are no header, entry or comment. */
export interface IniFile {
  readonly sections: readonly IniSection[];
  readonly problems: readonly number[];
  /** The text has more lines than are read. */
  readonly cut: boolean;
}

/** How a program writes its file. */
export interface IniStyle {
  /**
   * What a line that begins with a blank is: one more entry (git), more of the value above (pip), or settings inside of
   * the value above, which are not read (AWS).
   */
  readonly indented: 'entry' | 'value' | 'rest';
  /** Names alone are entries (MySQL); else they are problems. */
  readonly bareNames: boolean;
  /** Characters that end a name. */
  readonly separators: '=' | '=:';
}

interface OpenEntry {
  readonly name: string;
  value: string | undefined;
  readonly line: number;
}

interface OpenSection {
  readonly name: string;
  readonly line: number;
  readonly entries: OpenEntry[];
}

const MOST_LINES = 20_000;
const LONGEST_VALUE = 64 * 1024;
const HEADER = /^\[([^\]]*)\]\s*(?:[#;].*)?$/;

/** Reads the form of INI that most clients write. A name is as written; the value has no quotes around it. */
export function readIni(text: string, style: IniStyle): IniFile {
  const lines = text.split(/\r?\n/, MOST_LINES + 1);
  const sections: OpenSection[] = [{ name: '', line: 1, entries: [] }];
  const problems: number[] = [];
  for (const [index, raw] of lines.slice(0, MOST_LINES).entries()) {
    const line = index + 1;
    const trimmed = raw.trim();
    if (trimmed === '' || /^[#;!]/.test(trimmed)) continue;
    const entries = sections.at(-1)?.entries ?? [];
    const isRest = style.indented !== 'entry' && /^[ \t]/.test(raw) && entries.length > 0;
    const header = isRest ? undefined : HEADER.exec(trimmed)?.[1];
    const entry = isRest || header !== undefined ? undefined : readEntry(trimmed, line, style);
    if (header !== undefined) sections.push({ name: header.trim(), line, entries: [] });
    else if (entry !== undefined) entries.push(entry);
    else if (!isRest) problems.push(line);
    else if (style.indented === 'value') appendTo(entries, trimmed);
  }
  return { sections, problems, cut: lines.length > MOST_LINES };
}

/** A value of many lines is made of many: it is only as long as one that a client can use. */
function appendTo(entries: OpenEntry[], more: string): void {
  const last = entries.at(-1);
  if (last !== undefined && (last.value ?? '').length < LONGEST_VALUE) last.value = `${last.value ?? ''} ${more}`;
}

function readEntry(text: string, line: number, { bareNames, separators }: IniStyle): OpenEntry | undefined {
  const at = text.search(separators === '=' ? /=/ : /[=:]/);
  if (at < 0) return bareNames && /^[\w.-]+$/.test(text) ? { name: text, value: undefined, line } : undefined;
  const name = text.slice(0, at).trim();
  return name === '' ? undefined : { name, value: unquote(text.slice(at + 1).trim()), line };
}

/** A gap for the first line that could not be read, and for what is beyond the limit. */
export function iniGaps(file: ClientFile, { problems, cut }: IniFile): readonly Gap[] {
  const [first] = problems;
  const more = problems.length > 1 ? `, and ${problems.length - 1} more` : '';
  const unread = first === undefined ? [] : [file.gap(first, `no section, no name with a value${more}`)];
  return cut
    ? [...unread, file.gap(MOST_LINES, `only ${MOST_LINES} lines were read; split the file`, 'limit')]
    : unread;
}

function unquote(value: string): string {
  const quote = value[0];
  const isQuoted = value.length > 1 && (quote === '"' || quote === "'") && value.endsWith(quote);
  return isQuoted ? value.slice(1, -1) : value;
}

/** The last value of a name in a section, without regard to case. */
export function valueIn(section: IniSection, ...names: readonly string[]): string | undefined {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  return section.entries.findLast(({ name }) => wanted.has(name.toLowerCase()))?.value;
}

/** The last line of a section. */
export function lastLineOf(section: IniSection): number {
  return section.entries.at(-1)?.line ?? section.line;
}
