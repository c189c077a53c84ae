import { defineDecoder } from './contract.ts';
import { type PackedFormat, unpackFile } from './shared/unpack.ts';

const FORMAT: PackedFormat = {
  id: 'gzip',
  name: 'gzip',
  endings: [
    ['.tgz', '.tar'],
    ['.svgz', '.svg'],
    ['.gz', ''],
  ],
  load: async () => (await import('./readers/zlib.ts')).unpackGzip,
};

/** Gzip (RFC 1952). What a truncated file still holds is scanned, and the rest is a gap. */
export default defineDecoder({
  id: 'gzip',
  title: 'gzip file',
  form: 'container',
  begins: [0x1f],
  accepts: ({ bytes }) => bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8,
  decode: (artifact, budget) => unpackFile(FORMAT, artifact, budget),
});
