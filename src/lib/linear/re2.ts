import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { CharacterSet, Edge, Part } from './program.ts';

/** The class of the package `re2` as far as it is used: it is made and used like `RegExp`. */
export type Re2 = new (source: string, flags: string) => RegExp;

const EDGES: Readonly<Record<Edge, string>> = { start: '^', end: '$', word: '\\b', 'no-word': '\\B' };
const LATIN_1 = 256;

/**
 * The package `re2` where the user installed it beside Bowerbird; `home` is the folder of the bundle. Never taken from
 * the folder that is scanned. Undefined where it is missing, its native part does not load, or it is too old to tell
 * where groups stand.
 */
export function loadRe2(home: string): Re2 | undefined {
  try {
    const loaded: unknown = createRequire(join(home, 'bowerbird.cjs'))('re2');
    return typeof loaded === 'function' && tellsPlaces(loaded as Re2) ? (loaded as Re2) : undefined;
  } catch {
    return undefined;
  }
}

/** Without places of groups every match would be an empty one at the start of its window. */
function tellsPlaces(re2: Re2): boolean {
  const [start, end] = new re2('a(?<b>b)', 'd').exec('ab')?.indices?.groups?.['b'] ?? [];
  return start === 1 && end === 2;
}

/**
 * A pattern over latin-1 text as re2 writes it. Every class is written out, so `\s`, `.` and case folding mean what
 * they mean in JavaScript. Undefined where re2 would find something else: groups inside repetitions keep what they held
 * in an earlier turn, and turns that take nothing count.
 */
export function renderRe2(part: Part): string | undefined {
  if (hasRepeatedGroup(part, false)) return undefined;
  return render(part);
}

function render(part: Part): string {
  switch (part.kind) {
    case 'set':
      return renderSet(part.set);
    case 'sequence':
      return part.parts.map(render).join('');
    case 'choice':
      return `(?:${part.options.map(render).join('|')})`;
    case 'group':
      return `(?<${part.name}>${render(part.part)})`;
    case 'edge':
      return EDGES[part.edge];
    default: {
      const most = part.max === Number.POSITIVE_INFINITY ? '' : part.max;
      return `(?:${render(part.part)}){${part.min},${most}}${part.lazy ? '?' : ''}`;
    }
  }
}

function renderSet(set: CharacterSet): string {
  const ranges: string[] = [];
  for (let unit = 0; unit < LATIN_1; unit++) {
    if (!set.has(unit)) continue;
    const first = unit;
    while (unit + 1 < LATIN_1 && set.has(unit + 1)) unit += 1;
    ranges.push(`${hex(first)}-${hex(unit)}`);
  }
  // An empty class: nothing has this place.
  return ranges.length === 0 ? '[^\\x{0}-\\x{10FFFF}]' : `[${ranges.join('')}]`;
}

function hex(unit: number): string {
  return `\\x{${unit.toString(16)}}`;
}

function hasRepeatedGroup(part: Part, isRepeated: boolean): boolean {
  switch (part.kind) {
    case 'sequence':
      return part.parts.some((inner) => hasRepeatedGroup(inner, isRepeated));
    case 'choice':
      return part.options.some((option) => hasRepeatedGroup(option, isRepeated));
    case 'group':
      return isRepeated || hasRepeatedGroup(part.part, isRepeated);
    case 'repeat':
      return hasRepeatedGroup(part.part, isRepeated || part.max > 1);
    default:
      return false;
  }
}
