import { constants, createInflate, inflateSync } from 'node:zlib';
import { PackError } from './pack-error.ts';

/**
 * Inflates a zlib stream of exactly `size` bytes into the front of `output`, which has one byte to spare.
 * @throws where the stream is broken or has another size
 */
export type Inflate = (input: Uint8Array, size: number, output: Uint8Array) => void;

/**
 * Returns a function that inflates many small streams. `inflateSync` sets up a stream object with its own memory for
 * each call, which takes longer than inflating a typical delta. One handle that is reset takes half the time and leaves
 * no garbage. Node does not document that handle. So if it looks different, or fails a trial, `inflateSync` is used.
 */
export function createInflater(openHandle: () => unknown = openNodeHandle): Inflate {
  try {
    const handle = openHandle();
    if (isHandle(handle)) {
      const inflate = inflateReusing(handle);
      if (passesTrial(inflate)) return inflate;
    }
  } catch {
    // The handle is not what we expect.
  }
  return inflateAnew;
}

/** So many streams are inflated one by one before a handle is opened and tried, which takes as long as ten of them. */
const FEW = 8;

/** As `createInflater`, for a reader that often needs a few streams only: a commit that touches some files. */
export function createLateInflater(): Inflate {
  let inflate: Inflate | undefined;
  let few = 0;
  return (input, size, output) => {
    few += 1;
    if (few <= FEW) return inflateAnew(input, size, output);
    inflate ??= createInflater();
    return inflate(input, size, output);
  };
}

/**
 * The parts of Node's zlib handle that are used. After each write it reports how many bytes of output and input are
 * left.
 */
interface Handle {
  readonly stream: {
    reset(): void;
    writeSync(
      flush: number,
      input: Uint8Array,
      from: number,
      length: number,
      output: Uint8Array,
      at: number,
      room: number,
    ): void;
    onerror: (message: string, code: number, name: string) => void;
  };
  readonly left: Uint32Array;
}

function openNodeHandle(): unknown {
  const stream = createInflate() as unknown as Readonly<Record<string, unknown>>;
  return { stream: stream['_handle'], left: stream['_writeState'] };
}

function isHandle(value: unknown): value is Handle {
  if (typeof value !== 'object' || value === null || !('stream' in value) || !('left' in value)) return false;
  const { stream, left } = value;
  if (typeof stream !== 'object' || stream === null || !(left instanceof Uint32Array) || left.length < 2) return false;
  return ['reset', 'writeSync', 'onerror'].every(
    (name) => typeof (stream as Record<string, unknown>)[name] === 'function',
  );
}

function inflateReusing({ stream, left }: Handle): Inflate {
  let failure = '';
  stream.onerror = (message) => {
    failure = message || 'broken data';
  };
  return (input, size, output) => {
    failure = '';
    stream.reset();
    stream.writeSync(constants.Z_FINISH, input, 0, input.length, output, 0, size + 1);
    if (failure !== '') throw new PackError(`an object cannot be inflated: ${failure}`);
    if (left[0] !== 1) throw new PackError('an object has another size than its header claims');
  };
}

function inflateAnew(input: Uint8Array, size: number, output: Uint8Array): void {
  const bytes = inflateSync(input, { chunkSize: Math.max(LEAST_CHUNK, size + 1), maxOutputLength: size + 1 });
  if (bytes.length !== size) throw new PackError('an object has another size than its header claims');
  output.set(bytes);
}

const LEAST_CHUNK = 64;

/** The deflated form of `text` below. Deflating it here would take longer than the rest of the trial. */
const SAMPLE = 'eJxLyi9PLUrKLEpRSBrSLACKok2B';

/** Tries a good stream, broken ones, and a good one after them. */
function passesTrial(inflate: Inflate): boolean {
  const text = Buffer.from('bowerbird '.repeat(20));
  const deflated = Buffer.from(SAMPLE, 'base64');
  const damaged = Buffer.from(deflated).fill(255, 4, 8);
  const inflates = (input: Uint8Array, size: number): boolean => {
    const output = Buffer.alloc(size + 1);
    try {
      inflate(input, size, output);
    } catch {
      return false;
    }
    return output.subarray(0, size).equals(text.subarray(0, size));
  };
  return (
    inflates(deflated, text.length) &&
    !inflates(damaged, text.length) &&
    !inflates(deflated.subarray(0, deflated.length - 6), text.length) &&
    !inflates(deflated, text.length - 1) &&
    !inflates(deflated, text.length + 1) &&
    inflates(deflated, text.length)
  );
}
