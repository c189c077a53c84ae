/** Escapes of the output formats. Each takes any text and returns one that cannot leave its place. */

import { cleanText } from './terminal.ts';

/**
 * What `JSON.stringify` leaves as it is and a terminal or a reader does not: DEL, C1, invisible and bidi characters.
 */
const UNSEEN_IN_JSON =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;

/** JSON that reads back to exactly the same value and holds no unseen character. */
export function stringifyJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(UNSEEN_IN_JSON, escapeUnits);
}

function escapeUnits(text: string): string {
  return text.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const MARKDOWN_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '@': '&#64;',
  '://': '&#58;//',
};

/** Inline GitHub Markdown, also inside a table cell: one line, nothing formats, links, mentions or opens a tag. */
export function escapeMarkdown(text: string): string {
  return cleanText(text).replace(
    /:\/\/|[&<>@\\`*_[\](){}#~|$!]/g,
    (character) => MARKDOWN_ENTITIES[character] ?? `\\${character}`,
  );
}

/**
 * A CSV field after RFC 4180, always quoted. A leading formula character gets an apostrophe: spreadsheets run formulas.
 */
export function escapeCsv(text: string): string {
  const clean = cleanText(text);
  const neutral = /^\s*[=+\-@|%]/.test(clean) ? `'${clean}` : clean;
  return `"${neutral.replace(/"/g, '""')}"`;
}

/** XML text or attribute value. Characters that XML 1.0 forbids are gone after cleaning, but for two noncharacters. */
export function escapeXml(text: string): string {
  return cleanText(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&apos;');
}

/** The message of a GitHub workflow command. */
export function escapeCommandData(text: string): string {
  return cleanText(text).replace(/%/g, '%25');
}

/** A property of a GitHub workflow command. */
export function escapeCommandProperty(text: string): string {
  return escapeCommandData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}

/** Cuts to a number of UTF-16 units with an ellipsis, never inside a surrogate pair. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
