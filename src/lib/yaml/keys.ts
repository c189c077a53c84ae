import type { Document } from 'yaml';

/**
 * Offset of the first key that stands twice in its map; undefined where there is none. The parser's own check (turn it
 * off with `uniqueKeys: false`) compares each key with all others of its map: a file of 1 MB takes it minutes.
 */
export function findDuplicateKey(
  { visit, isScalar }: typeof import('yaml'),
  document: Document.Parsed,
): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) {
          offset = key.range?.[0] ?? 0;
          return visit.BREAK;
        }
        seen.add(key.value);
      }
      return undefined;
    },
  });
  return offset;
}
