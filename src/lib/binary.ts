/** Bytes looked at; git uses the same rule and the same order of size. */
const LOOKED_AT = 8192;

/** True when a NUL byte stands in the first 8 KiB. UTF-16 text also says true: ask the decoders first. */
export function isBinary(bytes: Uint8Array): boolean {
  const at = bytes.indexOf(0);
  return at >= 0 && at < LOOKED_AT;
}
