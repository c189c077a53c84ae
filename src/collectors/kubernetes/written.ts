import { asText, type Loose } from '../shared/loose.ts';

/** Fields that a condensed dump adds: the line of an object, and what is wrong where one cannot be read. */
export const LINE = 'bowerbird.line';
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
