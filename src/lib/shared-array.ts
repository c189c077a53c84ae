type NumberArray = Uint8Array | Int32Array | Uint32Array | Float64Array;

/** The same numbers in memory that every thread can read; the array itself where it is in such memory. */
export function shareNumbers<A extends NumberArray>(array: A): A {
  if (array.buffer instanceof SharedArrayBuffer) return array;
  const Numbers = array.constructor as new (buffer: SharedArrayBuffer) => A;
  const shared = new Numbers(new SharedArrayBuffer(array.byteLength));
  shared.set(array);
  return shared;
}

/** `count` zero bytes that every thread can read and write. */
export function sharedBytes(count: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(count));
}

/** `count` zero numbers that every thread can read and write. */
export function sharedNumbers(count: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(count * Float64Array.BYTES_PER_ELEMENT));
}
