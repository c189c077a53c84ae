import type { DeclaredItem } from '../../../collectors/contract.ts';
import type { Declared } from '../contract.ts';

/** Reads what files declare out of a state. */
export function isDeclared(value: unknown): value is Declared {
  if (!isRecord(value) || !['collector', 'repository', 'files'].every((key) => typeof value[key] === 'string'))
    return false;
  return Array.isArray(value['items']) && value['items'].every(isItem);
}

function isItem(item: unknown): item is DeclaredItem {
  if (!isRecord(item)) return false;
  const { identity, edge, gap, skip } = item;
  switch (item['kind']) {
    case 'identity':
      return (
        hasTexts(identity, ['id', 'type', 'provider', 'name']) && hasLists(identity, ['keys', 'grants', 'evidence'])
      );
    case 'edge':
      return hasTexts(edge, ['from', 'kind']) && isRecord(edge['toKey']) && hasLists(edge, ['evidence']);
    case 'gap':
      return hasTexts(gap, ['reason', 'subject', 'message']);
    case 'skip':
      return hasTexts(skip, ['reason', 'subject']);
    default:
      return false;
  }
}

function hasTexts(value: unknown, keys: readonly string[]): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && keys.every((key) => typeof value[key] === 'string');
}

function hasLists(value: Readonly<Record<string, unknown>>, keys: readonly string[]): boolean {
  return keys.every((key) => Array.isArray(value[key]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
