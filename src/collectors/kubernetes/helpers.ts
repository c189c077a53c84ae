import { posix } from 'node:path';
import type { Artifact } from '../../model/artifact.ts';
import { UNKNOWN } from '../shared/kubernetes/manifest.ts';
import { asObject, type Loose } from '../shared/loose.ts';
import { readParts } from './parts.ts';
import { render } from './render.ts';
import type { Scope } from './scope.ts';
import type { Helpers } from './values.ts';

/** Longer texts are no names. */
const LONGEST_NAME = 253;
/** A larger file of helpers is not followed. Bytes. */
const LARGEST = 1024 * 1024;

/** A helper is read again for each call: what so many of its characters cost of the budget is one directive. */
const CHARACTERS_PER_STEP = 50;
/** Arguments of a helper that are looked at for its name. */
const MOST_WORDS = 20;

/** True for a file of named templates: `templates/_helpers.tpl`. */
export function isHelperFile(path: string): boolean {
  return /^_.*\.tpl$/.test(posix.basename(path));
}

/** Reads the named templates of a file. */
export function readHelpers({ bytes }: Artifact): Helpers {
  const helpers = new Map<string, string>();
  if (bytes.length > LARGEST) return helpers;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  let define: { readonly name: string; readonly texts: string[]; depth: number } | undefined;
  for (const part of readParts(text)) {
    if (define === undefined) {
      const name = part.word === 'define' ? /^"([\w./-]{1,200})"$/.exec(part.rest ?? '')?.[1] : undefined;
      if (name !== undefined) define = { name, texts: [], depth: 1 };
      continue;
    }
    if (part.opens === true) define.depth += 1;
    else if (part.word === 'end') define.depth -= 1;
    if (define.depth > 0) define.texts.push(part.text);
    else {
      helpers.set(define.name, define.texts.join(''));
      define = undefined;
    }
  }
  return helpers;
}

/**
 * The text that a named template gives for a value of `.`. It is known where plain values of the chart and the
 * arguments decide it. Else it is the helper in angle brackets, with the words that it is called with: two names that
 * come from one helper in one way are the same.
 */
export function includeHelper(helper: string, dot: unknown, scope: Scope): string {
  const named = scope.depth > 0 ? scope.chart.helpers.get(helper) : undefined;
  scope.budget.left -= Math.ceil((named?.length ?? 0) / CHARACTERS_PER_STEP);
  const body = scope.budget.left > 0 ? named : undefined;
  const inner = { ...scope, dot, variables: new Map<string, unknown>(), strict: true, depth: scope.depth - 1 };
  const text = body === undefined ? undefined : render(body, inner)?.trim();
  if (text !== undefined && text.length <= LONGEST_NAME && /^(?:[\w./:@-]|<[\w./ -]{1,300}>)*$/.test(text)) return text;
  return `${UNKNOWN}${[helper, ...firstWords(asObject(dot))].join(' ')}>`;
}

/** Words that a helper is called with. Of a large map the first ones do: nobody writes that for a name. */
function firstWords(fields: Loose): readonly string[] {
  const words: string[] = [];
  let looked = 0;
  for (const key in fields) {
    const word = fields[key];
    if (typeof word === 'string' && /^[\w.-]{1,60}$/.test(word)) words.push(word);
    looked += 1;
    if (looked >= MOST_WORDS) break;
  }
  return words;
}
