import type { Artifact } from '../../model/artifact.ts';
import type { DecodeBudget, Decoded } from '../contract.ts';
import { ByteSink, UnpackError } from './byte-sink.ts';
import { allowedBytes, containerGap, toEntry } from './container.ts';

/** Unpacks into a sink and returns where the packed data ends. Throws `UnpackError`. */
export type Unpack = (bytes: Uint8Array, sink: ByteSink) => number;

/** A format that holds one file, packed. */
export interface PackedFormat {
  /** Id of the decoder. */
  readonly id: string;
  /** What a message calls the data. */
  readonly name: string;
  /** Endings of a path, and what they become: `['.tbz', '.tar']`. */
  readonly endings: readonly (readonly [string, string])[];
  readonly load: () => Promise<Unpack>;
}

/**
 * Opens a packed file. What came out before damage or a limit is given as well, with a gap; so are bytes that stand
 * behind the packed data, since something else can be packed there.
 */
export async function* unpackFile(
  format: PackedFormat,
  artifact: Artifact,
  budget: DecodeBudget,
): AsyncGenerator<Decoded> {
  const { id, name } = format;
  const mostBytes = allowedBytes(budget, artifact.bytes.length);
  if (mostBytes === 0)
    return yield containerGap(artifact, 'limit', 'the limit of decoded bytes is used up; it was not opened');
  const unpack = await format.load();
  const { bytes, end, error } = runUnpack(unpack, artifact.bytes, mostBytes);
  budget.bytes -= bytes.length;
  if (bytes.length > 0) yield toEntry(id, artifact, innerName(artifact, format.endings), bytes);
  if (error !== undefined) yield containerGap(artifact, error.problem, messageOf(name, error, mostBytes));
  else yield* giveRest(id, artifact, end, budget);
}

function messageOf(name: string, error: UnpackError, mostBytes: number): string {
  if (error.problem === 'limit') return `unpacks to more than ${mostBytes} bytes; what is beyond was not scanned`;
  return error.problem === 'corrupt' ? `the ${name} data is damaged or cut off` : `the ${name} data ${error.message}`;
}

/** What came out, and where the packed data ended; with an error, before it. */
export interface Unpacked {
  readonly bytes: Uint8Array;
  readonly end: number;
  readonly error?: UnpackError;
}

/** Runs a reader; what it throws is a damage. */
export function runUnpack(unpack: Unpack, bytes: Uint8Array, mostBytes: number): Unpacked {
  const sink = new ByteSink(mostBytes);
  try {
    const end = unpack(bytes, sink);
    return { bytes: sink.view(), end };
  } catch (thrown) {
    const error = thrown instanceof UnpackError ? thrown : new UnpackError('corrupt');
    return { bytes: sink.view(), end: bytes.length, error };
  }
}

/** Bytes behind the packed data, without the zeros that fill up a block. */
export function* giveRest(id: string, artifact: Artifact, end: number, budget: DecodeBudget): Generator<Decoded> {
  const { bytes } = artifact;
  let start = end;
  while (start < bytes.length && bytes[start] === 0) start += 1;
  const rest = bytes.subarray(start);
  if (rest.length === 0) return;
  if (rest.length > budget.bytes) {
    return yield containerGap(artifact, 'limit', `${rest.length} bytes behind the packed data were not looked at`);
  }
  budget.bytes -= rest.length;
  yield toEntry(id, artifact, 'behind the end', rest);
}

/** Name of the file that was packed. */
export function innerName(artifact: Artifact, endings: PackedFormat['endings']): string {
  const path = artifact.derivation?.entry ?? artifact.origin.path;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const ending = endings.find(([packed]) => name.toLowerCase().endsWith(packed) && name.length > packed.length);
  return ending === undefined ? name || 'content' : `${name.slice(0, -ending[0].length)}${ending[1]}`;
}
