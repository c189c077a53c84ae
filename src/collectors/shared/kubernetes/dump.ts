import type { JsonItem } from '../../../lib/json/items.ts';
import { readJsonItems } from '../json-items.ts';
import { asObject, asText, type Loose } from '../loose.ts';

/** A field that a condensed dump adds to an object: its line in the dump. */
export const LINE = 'bowerbird.line';
/** How a dump begins that holds the objects of one collector only. */
const HEAD = '{"apiVersion": "v1", "kind": "List", "bowerbird.dump": true, "items": [\n';
const TAIL = '\n]}\n';

/** True for a text that begins as a JSON object does, and as no template and hardly any YAML does. */
export function isJson(bytes: Uint8Array): boolean {
  return /^\s*\{\s*["}]/.test(
    Buffer.from(bytes.subarray(0, 1024))
      .toString('utf8')
      .replace(/^\uFEFF/, ''),
  );
}

/**
 * Writes a list of objects in JSON anew with those of some kinds. Each carries its line. What is damaged is left out:
 * it is a gap of those who read all of Kubernetes. Undefined for what is no list.
 */
export function condenseList(bytes: Uint8Array, isRead: (kind: string) => boolean): Uint8Array | undefined {
  if (!isJson(bytes)) return undefined;
  let items = 0;
  const keeps = (item: JsonItem): boolean => {
    items += 1;
    return isRead(asText(item.field('kind')) ?? '');
  };
  const texts: string[] = [];
  for (const item of readJsonItems(bytes, { fields: ['kind'], keeps })) {
    if ('problem' in item) continue;
    // A value beside lists.
    if (items === 0) return undefined;
    texts.push(...written(item));
  }
  return items === 0 ? undefined : Buffer.from(`${HEAD}${texts.join(',\n')}${TAIL}`);
}

function written(item: JsonItem): readonly string[] {
  try {
    return [JSON.stringify({ ...asObject(item.value), [LINE]: item.line })];
  } catch {
    // Nested too deep to be written.
    return [];
  }
}

/** Reads what `condenseList` wrote; undefined for any other text. */
export function readCondensedList({ buffer, byteOffset, length }: Uint8Array): Loose | undefined {
  const bytes = Buffer.from(buffer, byteOffset, length);
  if (bytes.toString('latin1', 0, HEAD.length) !== HEAD) return undefined;
  try {
    return asObject(JSON.parse(bytes.toString('utf8')));
  } catch {
    return undefined;
  }
}
