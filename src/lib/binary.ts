/** Bytes looked at; git uses the same rule and the same order of size. */
const LOOKED_AT = 8192;

/** True when a NUL byte stands in the first 8 KiB. UTF-16 text also says true: ask the decoders first. */
export function isBinary(bytes: Uint8Array): boolean {
  const looked = bytes.length <= LOOKED_AT ? bytes : bytes.subarray(0, LOOKED_AT);
  return looked.indexOf(0) >= 0;
}
