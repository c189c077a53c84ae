import type { Gap } from '../../model/gap.ts';
import type { Json } from '../../model/json.ts';
import type { Endpoint } from './endpoint.ts';
import { type JsonRecord, recordsOf, textOf } from './json.ts';

/** An answer with the name of its file. */
export interface Page {
  readonly name: string;
  readonly answer: JsonRecord;
}

/**
 * Returns a gap for each answer that says that more follow where none does. The answers of one list continue in the
 * next file. Where files hold several lists (of users, of regions), the next file must be of the same list.
 */
export function findTruncated(endpoint: Endpoint, pages: readonly Page[]): Gap[] {
  return pages.flatMap(({ name, answer }, index) => {
    if (!saysMore(answer)) return [];
    const next = pages[index + 1];
    if (next === undefined) return [lastPage(endpoint)];
    const [own, following] = [listOf(endpoint, answer), listOf(endpoint, next.answer)];
    if (own === undefined || following === undefined || own === following) return [];
    return [otherList(endpoint, name, own, { ...next, list: following })];
  });
}

function saysMore(answer: JsonRecord): boolean {
  return answer['IsTruncated'] === true || typeof answer['NextToken'] === 'string';
}

function lastPage({ file, command }: Endpoint): Gap {
  const message = `${file}: the last page says that more follow. Record all pages: ${command}`;
  return { reason: 'limit', subject: `${file}.json`, message, scope: true };
}

function otherList({ command }: Endpoint, name: string, own: string, next: Page & { readonly list: string }): Gap {
  const message = `${name}: it says that more of ${own} follows, but ${next.name} is of ${next.list}. Record all pages: ${command}`;
  return { reason: 'limit', subject: name, message, scope: true };
}

/**
 * Returns what the answer lists: the user of access keys, the region of secrets. Undefined where there is only one
 * list.
 */
function listOf({ lists }: Endpoint, answer: JsonRecord): string | undefined {
  if (lists === undefined) return undefined;
  return recordsOf(answer[lists.field])
    .map((record) => ownerOf(record[lists.by]))
    .find((owner) => owner !== undefined);
}

/** Returns the region of an ARN. Any other text is returned as it is. */
function ownerOf(value: Json | undefined): string | undefined {
  const text = textOf(value);
  return text?.startsWith('arn:') === true ? text.split(':')[3] : text;
}
