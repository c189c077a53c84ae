import { defineDecoder } from './contract.ts';
import { type PackedFormat, unpackFile } from './shared/unpack.ts';

const FORMAT: PackedFormat = {
  id: 'lzip',
  name: 'lzip',
  endings: [['.lz', '']],
  load: async () => (await import('./readers/xz.ts')).unpackLzip,
};
const MAGIC = [0x4c, 0x5a, 0x49, 0x50, 1];

/** lzip files: LZMA with a header and a trailer. */
export default defineDecoder({
  id: 'lzip',
  title: 'lzip file',
  form: 'container',
  begins: [0x4c],
  accepts: ({ bytes }) => bytes[0] === MAGIC[0] && MAGIC.every((byte, index) => bytes[index] === byte),
  decode: (artifact, budget) => unpackFile(FORMAT, artifact, budget),
});
