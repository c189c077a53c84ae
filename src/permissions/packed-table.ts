import { brotliDecompressSync } from 'node:zlib';

/** Most characters of an unpacked table. */
const LARGEST = 16 * 1024 * 1024;

/** Returns the text of a generated table, which is kept as Brotli in base64. */
export function unpackTable(packed: string): string {
  return brotliDecompressSync(Buffer.from(packed, 'base64'), { maxOutputLength: LARGEST }).toString('utf8');
}
