import { findByte } from '../lib/bytes/binary.ts';
import type { Artifact, ByteRange } from '../model/artifact.ts';
import { type DecodeBudget, type Decoded, defineDecoder } from './contract.ts';

/** Characters of the shortest string: shorter ones hold no secret that a rule could tell. */
const SHORTEST = 12;
/** Every run of that many characters has both bytes of such a pair at each stride. */
const STRIDE = 2 * SHORTEST - 3;
/** Decoded bytes of one artifact: strings that stand near each other are looked at together. */
const CHUNK = 64 * 1024;
/** Bytes around a change within which a string counts as changed: rules look at what stands around a match. */
const REACH = 1024;

/** 1 for the characters of a string: printable ASCII, tab and line ends. */
const CHARACTERS = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number((byte >= 32 && byte < 127) || byte === 9 || byte === 10 || byte === 13),
);

/**
 * Strings in UTF-16, of either byte order and at any offset, inside anything: libraries, resources, databases, memory
 * dumps. Strings come joined by a NUL, as they stand in a table of strings.
 */
export default defineDecoder({
  id: 'utf-16-strings',
  title: 'Strings of UTF-16 inside other bytes',
  form: 'text',
  accepts: ({ bytes, ranges }) => {
    // Most texts hold no NUL. That is told fastest by a search in native code.
    if (findByte(bytes, 0, 0, bytes.length) < 0) return false;
    return ranges === undefined ? hasPair(bytes, 0, bytes.length) : holdPairs(bytes, ranges);
  },
  decode,
});

function* decode(artifact: Artifact, budget: DecodeBudget): Generator<Decoded> {
  if (!isChanged(artifact)) return;
  const { bytes } = artifact;
  let runs: ByteRange[] = [];
  let length = 0;
  for (const run of findStrings(bytes, 0, bytes.length)) {
    const characters = (run.end - run.start + 1) >> 1;
    if (characters >= budget.bytes) return yield exhausted(artifact);
    budget.bytes -= characters + 1;
    runs.push(run);
    length += characters + 1;
    if (length < CHUNK) continue;
    yield join(artifact, runs, length);
    [runs, length] = [[], 0];
  }
  if (runs.length > 0) yield join(artifact, runs, length);
}

/** True where a pair is met in strides. */
function hasPair(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from + STRIDE - 1; at + 1 < to; at += STRIDE) {
    if ((bytes[at] === 0) !== (bytes[at + 1] === 0)) return true;
  }
  return false;
}

/** True where a pair is met in strides near what is new. */
function holdPairs(bytes: Uint8Array, ranges: readonly ByteRange[]): boolean {
  return ranges.some(({ start, end }) =>
    hasPair(bytes, Math.max(0, start - REACH), Math.min(bytes.length, end + REACH)),
  );
}

/** False where no string stands near what is new. Else all are given: what a match means depends on its neighbours. */
function isChanged({ bytes, ranges }: Artifact): boolean {
  if (ranges === undefined) return true;
  return ranges.some(({ start, end }) => {
    const strings = findStrings(bytes, Math.max(0, start - REACH), Math.min(bytes.length, end + REACH));
    return strings.next().done === false;
  });
}

/** Runs in which every other byte is a NUL and the others are characters, in order, within `[from, to)`. */
function* findStrings(bytes: Uint8Array, from: number, to: number): Generator<ByteRange> {
  let earliest = from;
  let at = from + STRIDE - 1;
  while (at + 1 < to) {
    if ((bytes[at] === 0) === (bytes[at + 1] === 0)) {
      at += STRIDE;
      continue;
    }
    const run = growString(bytes, at, earliest, to);
    if (run.end - run.start >= 2 * SHORTEST - 1) yield run;
    earliest = run.end;
    at = run.end + STRIDE - 1;
  }
}

/** The run around the pair at `at`, from a character to a character. */
function growString(bytes: Uint8Array, at: number, earliest: number, to: number): ByteRange {
  const character = bytes[at] === 0 ? at + 1 : at;
  if (CHARACTERS[bytes[character] as number] === 0) return { start: at, end: at + 1 };
  let start = character;
  while (start - 2 >= earliest && bytes[start - 1] === 0 && CHARACTERS[bytes[start - 2] as number] === 1) start -= 2;
  let end = character + 1;
  while (end + 1 < to && bytes[end] === 0 && CHARACTERS[bytes[end + 1] as number] === 1) end += 2;
  return { start, end };
}

function join(parent: Artifact, runs: readonly ByteRange[], length: number): Decoded {
  const text = new Uint8Array(length);
  const starts: number[] = [];
  let to = 0;
  for (const { start, end } of runs) {
    starts.push(to);
    for (let from = start; from < end; from += 2) text[to++] = parent.bytes[from] as number;
    to += 1;
  }
  const span = { start: runs[0]?.start ?? 0, end: runs.at(-1)?.end ?? 0 };
  const placeOf = ({ start, end }: ByteRange): ByteRange => ({ start: outer(start), end: outer(end - 1) + 1 });
  const outer = (offset: number): number => {
    const index = lastAtMost(starts, offset);
    const run = runs[index] as ByteRange;
    // The NUL that joins two strings stands nowhere: it counts as the last character before it.
    return Math.min(run.start + 2 * (offset - (starts[index] as number)), run.end - 1);
  };
  const derivation = { decoder: 'utf-16-strings', parent, span, placeOf };
  return { kind: 'artifact', artifact: { origin: parent.origin, bytes: text, derivation } };
}

/** Index of the last of some ascending numbers, the first of them 0, that is not greater than a value. */
function lastAtMost(numbers: readonly number[], value: number): number {
  let [low, high] = [0, numbers.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) <= value) low = middle;
    else high = middle;
  }
  return low;
}

function exhausted({ origin }: Artifact): Decoded {
  const message = `${origin.path}: more UTF-16 strings than the limit of decoded bytes; the rest was not decoded`;
  return { kind: 'gap', gap: { reason: 'limit', subject: origin.path, message } };
}
