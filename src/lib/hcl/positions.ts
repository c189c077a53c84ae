import type { HclPosition } from './types.ts';

/**
 * Maps UTF-16 offsets of a text to 1-based lines and columns. Lines end with LF; a CR before it belongs to the line.
 */
export function indexPositions(text: string): (offset: number) => HclPosition {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    const clamped = Math.max(0, Math.min(offset, text.length));
    const line = lastAtMost(starts, clamped);
    return { line: line + 1, column: clamped - (starts[line] as number) + 1 };
  };
}

function lastAtMost(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
