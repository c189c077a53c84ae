import { createHash } from 'node:crypto';
import type { OutputSettings } from '../contract.ts';

/** What receivers can drop a repeated message by: of the events it tells and of the output. */
export function keyOf(settings: OutputSettings, events: readonly string[]): string {
  const [first = ''] = events;
  if (events.length === 1 && /^[\w.:-]{1,100}$/.test(first)) return `${first}.${settings.name}`;
  const hash = createHash('sha256').update(JSON.stringify(events)).digest('hex').slice(0, 40);
  return `${hash}.${settings.name}`;
}

/** Most of what one request may hold. */
export interface RequestLimits {
  readonly items: number;
  readonly bytes: number;
}

/** Parts a list so that each part keeps to the limits, in order. An item beyond the bytes has a part of its own. */
export function partItems<T>(
  items: readonly T[],
  { items: most, bytes }: RequestLimits,
  size: (item: T) => number,
): T[][] {
  const parts: T[][] = [];
  let part: T[] = [];
  let filled = 0;
  for (const item of items) {
    const more = size(item);
    if (part.length > 0 && (part.length >= most || filled + more > bytes)) {
      parts.push(part);
      [part, filled] = [[], 0];
    }
    part.push(item);
    filled += more;
  }
  return part.length === 0 ? parts : [...parts, part];
}
