import type { JsonItem } from '../../lib/json/items.ts';
import type { ItemChoice } from '../shared/json-items.ts';
import { isReadKind } from '../shared/kubernetes/manifest.ts';
import { asObject, asText, type Loose } from '../shared/loose.ts';

/** A field of a condensed dump: what is wrong where an object cannot be read. */
export const PROBLEM = 'bowerbird.problem';

/** One object of a file as it is written, and where its name stands. */
export interface WrittenObject {
  readonly body: Loose;
  readonly line: number;
  readonly column: number;
}

/** The items of a list of one kind often do not say their kind again. */
export function withKind(item: Loose, list: Loose): Loose {
  const kind = asText(list['kind']);
  if (item['kind'] !== undefined || kind === undefined || kind === 'List' || !kind.endsWith('List')) return item;
  return { kind: kind.slice(0, -'List'.length), apiVersion: list['apiVersion'], ...item };
}

/** Fields that say what an object is. */
const HEAD_FIELDS = ['apiVersion', 'kind', 'metadata'];

/** Of the items of a dump, those that may be objects that are read. Much of a dump is Services, ConfigMaps, Events. */
export const READ_ITEMS: ItemChoice = { fields: [...HEAD_FIELDS, PROBLEM], keeps };

/** The list may still say the kind of an item that does not say it itself. */
function keeps(item: JsonItem): boolean {
  const kind = asText(item.field('kind'));
  if (kind === undefined) return item.has('metadata') || item.has(PROBLEM);
  return isReadKind(kind, { apiVersion: item.field('apiVersion') }) || item.has(PROBLEM);
}

/** What says what an object is, without the rest of it. */
export function headFields(item: JsonItem): Loose {
  const head: Record<string, unknown> = {};
  for (const name of HEAD_FIELDS) {
    const value = item.field(name);
    if (value !== undefined) head[name] = value;
  }
  return withKind(head, item.list);
}

/** The object of an item. */
export function bodyOf(item: JsonItem): Loose {
  return withKind(asObject(item.value), item.list);
}
