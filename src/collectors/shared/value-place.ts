import type { Origin } from '../../model/artifact.ts';

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
