/** A file of so many bytes is read into memory that every thread can read: it may be worth the work of several. */
export const SHARED_FROM = 32 * 1024 * 1024;

type NumberArray = Uint8Array | Int32Array | Uint32Array | Float64Array;

/** The same numbers in memory that every thread can read; the array itself where it is in such memory. */
export function shareNumbers<A extends NumberArray>(array: A): A {
  if (array.buffer instanceof SharedArrayBuffer) return array;
  const Numbers = array.constructor as new (buffer: SharedArrayBuffer) => A;
  const bytes = array.length * array.BYTES_PER_ELEMENT;
  const shared = new Numbers(new SharedArrayBuffer(bytes));
  shared.set(array);
  return shared;
}

/** `count` zero bytes that every thread can read and write. */
export function sharedBytes(count: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(count));
}

/** `count` whole numbers, 0 at first, that every thread can read and write. */
export function sharedCounts(count: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(count * Uint32Array.BYTES_PER_ELEMENT));
}

/** `count` whole numbers, 0 at first, positive or negative, that every thread can read and write. */
export function sharedIntegers(count: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT));
}

/** `count` numbers, 0 at first, that every thread can read and write. */
export function sharedNumbers(count: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(count * Float64Array.BYTES_PER_ELEMENT));
}
