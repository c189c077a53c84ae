import type { Origin } from '../../model/artifact.ts';
import type { Location } from '../../model/location.ts';

interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * The join key `declared-value`: the place where the value of a declared credential stands. A secret that is found
 * there is that value.
 */
export function valuePlace({ repository = '', path }: Origin, start: Position, end: Position): string {
  return `${repository.toLowerCase()}:${path}:${start.line}:${start.column}-${end.line}:${end.column}`;
}

/** The same for a place that evidence tells. */
export function valuePlaceOf({ repository = '', path, ...place }: Location): string {
  const { startLine, startColumn, endLine, endColumn } = place;
  return `${repository.toLowerCase()}:${path}:${startLine}:${startColumn}-${endLine}:${endColumn}`;
}
