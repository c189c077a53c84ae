import { posix } from 'node:path';
import { isUnknown, type PolicyValue } from '../../permissions/aws/document.ts';

/** What a template may write: an escape, a variable, or one as JSON. */
const INSERTION = /\$\$\{|\$\{\s{0,9}(?:jsonencode\(\s{0,9}(\w{1,99})\s{0,9}\)|(\w{1,99}))\s{0,9}\}/g;

/** A filled template that is longer is not known: few values can be written into one many times. Characters. */
const LONGEST = 1024 * 1024;
/** Stands for a value that nobody knows: whoever reads a policy takes a list of no texts for unknown. */
const UNKNOWN_JSON = '[{}]';

/** Texts of files that configurations may read, by path in the repository. */
export type Templates = ReadonlyMap<string, string>;

/** What `file` and `templatefile` return; undefined for files that were not read, and templates with conditions. */
export function readByCall(templates: Templates, name: string, [path, variables]: readonly PolicyValue[]) {
  if (typeof path !== 'string' || path.includes('${')) return undefined;
  const text = templates.get(posix.normalize(path));
  return text === undefined || name === 'file' ? text : fillTemplate(text, variables);
}

/** Writes known variables into a template. Others stay as they are written. */
export function fillTemplate(text: string, variables: PolicyValue | undefined): string | undefined {
  if (text.includes('%{')) return undefined;
  const isPlain = typeof variables === 'object' && variables !== null && !isUnknown(variables);
  const values = new Map<string, unknown>(isPlain ? Object.entries(variables) : []);
  let left = LONGEST;
  const isJson = /^\s*\{\s*"/.test(text.slice(0, 500));
  const filled = text.replace(
    INSERTION,
    (written: string, encoded: string | undefined, name: string | undefined, at: number) => {
      if (left < 0) return '';
      const inserted =
        isJson && written !== '$${' && isWhole(text, at, written.length)
          ? jsonFor(values.get(encoded ?? name ?? ''))
          : insertionFor(written, values, encoded, name);
      left -= inserted.length;
      return inserted;
    },
  );
  return left < 0 ? undefined : filled;
}

/** A value that stands in JSON by itself: as JSON, written out or not. */
function jsonFor(value: unknown): string {
  if (value === undefined || (typeof value === 'string' && value.includes('${'))) return UNKNOWN_JSON;
  if (typeof value !== 'string') return JSON.stringify(value);
  try {
    JSON.parse(value);
    return value;
  } catch {
    return JSON.stringify(value);
  }
}

/** True where an insertion is a value of JSON by itself, and no part of a text. */
function isWhole(text: string, at: number, length: number): boolean {
  return (
    /[:[,]\s{0,99}$/.test(text.slice(Math.max(0, at - 100), at)) &&
    /^\s{0,99}[,}\]]/.test(text.slice(at + length, at + length + 100))
  );
}

function insertionFor(
  written: string,
  values: ReadonlyMap<string, unknown>,
  encoded: string | undefined,
  name: string | undefined,
): string {
  if (written === '$${') return '${';
  const value = values.get(encoded ?? name ?? '');
  if (encoded !== undefined) return jsonOf(value) ?? written;
  return typeof value === 'string' && !/["\\\n]/.test(value) ? value : written;
}

/** JSON of texts and lists of texts. */
function jsonOf(value: unknown): string | undefined {
  const isList = Array.isArray(value) && value.every((item) => typeof item === 'string');
  return typeof value === 'string' || isList ? JSON.stringify(value) : undefined;
}
