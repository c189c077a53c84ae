import { posix } from 'node:path';
import type { Artifact } from '../../model/artifact.ts';
import { UNKNOWN } from '../shared/kubernetes/manifest.ts';
import { asText, type Loose } from '../shared/loose.ts';
import { chooseBranches, hasOpenChoice } from './branches.ts';
import { readValue } from './values.ts';

/** Named templates of a chart: what stands between `define` and its `end`. */
export type Helpers = ReadonlyMap<string, string>;

/** What the templates of a chart may use. */
export interface Chart {
  readonly values: Loose;
  readonly helpers: Helpers;
}

const DEFINE = /^[ \t]*\{\{-?\s*define\s+"([\w./-]{1,200})"\s*-?\}\}[ \t]*\r?$/;
/** A directive that fills a line. */
const WHOLE_LINE = /^[ \t]*\{\{-?(?!\/\*)([^}]*?)-?\}\}[ \t]*\r?$/;
const CONTROL = /^\s*(?:if|else|end|with|range|define|block)\b/;
const BLOCK = /^[ \t]*\{\{-?\s*(?:if|with|range|define|block)\b[^}]*\}\}[ \t]*\r?$/;
const END = /^[ \t]*\{\{-?\s*end\s*-?\}\}[ \t]*\r?$/;
const COMMENT = /\{\{-?[ \t]{0,10}\/\*/g;
/** `include "shop.name" .`, with what does not change a name. */
const INCLUDE = /^\s*(?:include|template)\s+"([\w./-]+)"\s+[.$]\s*(?:\|\s*(?:quote|squote|toString)\s*)*$/;
const DEFAULT = /^\s*default\s+(?:\(\s*include\s+"([\w./-]+)"\s+[.$]\s*\)|"([\w.-]+)")\s+\.(Values(?:\.\w+)+)\s*$/;
/** Most helpers that call one another for one name. */
const DEEPEST = 8;
/** A larger file of helpers is not followed. Bytes. */
const LARGEST = 1024 * 1024;

/** True for a file of named templates: `templates/_helpers.tpl`. */
export function isHelperFile(path: string): boolean {
  return /^_.*\.tpl$/.test(posix.basename(path));
}

/** Reads the named templates of a file. */
export function readHelpers({ bytes }: Artifact): Helpers {
  const helpers = new Map<string, string>();
  if (bytes.length > LARGEST) return helpers;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  let open: { readonly name: string; readonly lines: string[]; depth: number } | undefined;
  for (const line of withoutComments(text).split('\n')) {
    const name = DEFINE.exec(line)?.[1];
    if (open === undefined) {
      if (name !== undefined) open = { name, lines: [], depth: 1 };
      continue;
    }
    if (BLOCK.test(line)) open.depth += 1;
    else if (END.test(line)) open.depth -= 1;
    if (open.depth > 0) open.lines.push(line);
    else {
      helpers.set(open.name, open.lines.join('\n'));
      open = undefined;
    }
  }
  return helpers;
}

/** Looks for each end once: after a comment that nothing closes there is none. */
function withoutComments(text: string): string {
  let [kept, at] = ['', 0];
  for (const { index } of text.matchAll(COMMENT)) {
    if (index < at) continue;
    const end = text.indexOf('*/', index);
    const close = end < 0 ? -1 : text.indexOf('}}', end);
    if (close < 0) break;
    kept += text.slice(at, index);
    at = close + 2;
  }
  return kept + text.slice(at);
}

/**
 * The text that an `include` of a name gives. It is known where plain values of the chart decide it, as in what `helm
 * create` writes. Else it is the last helper that could be followed, in angle brackets: two names that come from one
 * helper are the same. Undefined for other directives.
 */
export function includedName(directive: string, chart: Loose, helpers: Helpers): string | undefined {
  const name = INCLUDE.exec(directive)?.[1];
  return name === undefined ? undefined : nameBy(name, chart, helpers, DEEPEST);
}

function nameBy(helper: string, chart: Loose, helpers: Helpers, depth: number): string {
  const open = `${UNKNOWN}${helper}>`;
  const body = helpers.get(helper);
  if (body === undefined || depth === 0 || hasOpenChoice(body, chart)) return open;
  const lines = chooseBranches(body, chart)
    .split('\n')
    .filter((line) => line.trim() !== '' && !CONTROL.test(WHOLE_LINE.exec(line)?.[1] ?? ''));
  const directive = WHOLE_LINE.exec(lines[0] ?? '')?.[1];
  if (lines.length !== 1 || directive === undefined) return open;
  const inner = INCLUDE.exec(directive)?.[1];
  if (inner !== undefined) return nameBy(inner, chart, helpers, depth - 1);
  const [, other, text, path = ''] = DEFAULT.exec(directive) ?? [];
  if (path === '') return open;
  const value = asText(readValue(chart, path));
  if (value !== undefined && value !== '') return /^[\w.-]+$/.test(value) ? value : open;
  return other === undefined ? (text ?? open) : nameBy(other, chart, helpers, depth - 1);
}
