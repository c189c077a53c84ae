import type { Identity, JoinKey } from '../model/identity.ts';
import type { Location } from '../model/location.ts';
import type { SecretGroup } from './groups.ts';
import { isCurrent } from './shared/current.ts';

const KIND = 'declared-value';
/** `<owner>/<name>:<path>:<line>:<column>-<line>:<column>`; the end is exclusive. */
const PLACE = /^(?<file>.{1,5000}):(?<place>\d{1,9}:\d{1,9}-\d{1,9}:\d{1,9})$/s;

/** Where the value of a listed credential stands. */
interface Span {
  readonly key: JoinKey;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/**
 * Gives a found secret the key of the credential whose value stands at its place: a state of Terraform has the id of a
 * credential and its value side by side. No value is compared: places of the same version of the file are.
 */
export function addDeclaredValues(
  groups: readonly SecretGroup[],
  identities: readonly Identity[],
): readonly SecretGroup[] {
  const files = indexSpans(identities);
  if (files.size === 0) return groups;
  return groups.map((group) => {
    const keys = group.locations.flatMap((place) => (isCurrent(place) ? keyAt(files, place) : []));
    return keys.length === 0 ? group : { ...group, keys: [...group.keys, ...keys] };
  });
}

/** Spans by file, sorted: values in one file do not overlap. */
function indexSpans(identities: readonly Identity[]): ReadonlyMap<string, readonly Span[]> {
  const files = new Map<string, Span[]>();
  for (const key of identities.flatMap(({ keys }) => keys)) {
    const { file, place } = (key.kind === KIND ? PLACE.exec(key.value)?.groups : undefined) ?? {};
    if (file === undefined || place === undefined) continue;
    const [startLine = 0, startColumn = 0, endLine = 0, endColumn = 0] = place.split(/[:-]/).map(Number);
    const spans = files.get(file) ?? [];
    files.set(file, spans);
    spans.push({ key, startLine, startColumn, endLine, endColumn });
  }
  for (const spans of files.values())
    spans.sort((a, b) => compare(a.startLine, a.startColumn, b.startLine, b.startColumn));
  return files;
}

function keyAt(files: ReadonlyMap<string, readonly Span[]>, place: Location): readonly JoinKey[] {
  const spans = files.get(`${place.repository?.toLowerCase() ?? ''}:${place.path}`) ?? [];
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const span = spans[middle];
    const isAfter =
      span !== undefined && compare(span.startLine, span.startColumn, place.startLine, place.startColumn) > 0;
    if (isAfter) high = middle;
    else low = middle + 1;
  }
  const span = spans[low - 1];
  const holds = span !== undefined && compare(place.endLine, place.endColumn, span.endLine, span.endColumn) <= 0;
  return holds ? [span.key] : [];
}

function compare(line: number, column: number, otherLine: number, otherColumn: number): number {
  return line - otherLine || column - otherColumn;
}
