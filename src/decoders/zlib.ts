import { defineDecoder } from './contract.ts';
import { unpacksAsZlib } from './readers/zlib.ts';
import { type PackedFormat, unpackFile } from './shared/unpack.ts';

const FORMAT: PackedFormat = {
  id: 'zlib',
  name: 'zlib',
  endings: [
    ['.zlib', ''],
    ['.zz', ''],
  ],
  load: async () => (await import('./readers/zlib.ts')).unpackZlib,
};

/** zlib streams (RFC 1950). Two bytes are no mark: their checksum must be right, and what follows must unpack. */
export default defineDecoder({
  id: 'zlib',
  title: 'zlib stream',
  form: 'container',
  begins: [0x78],
  accepts: ({ bytes }) => isHeader(bytes[0] ?? 0, bytes[1] ?? 0) && unpacksAsZlib(bytes),
  decode: (artifact, budget) => unpackFile(FORMAT, artifact, budget),
});

/** Deflate with the usual window, no dictionary, and a number that 31 divides: `78 01`, `78 5e`, `78 9c`, `78 da`. */
function isHeader(first: number, second: number): boolean {
  return first === 0x78 && (second & 32) === 0 && (first * 256 + second) % 31 === 0;
}
