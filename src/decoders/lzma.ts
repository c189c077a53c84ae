import { defineDecoder } from './contract.ts';
import { type PackedFormat, unpackFile } from './shared/unpack.ts';

const FORMAT: PackedFormat = {
  id: 'lzma',
  name: 'LZMA',
  endings: [
    ['.tlz', '.tar'],
    ['.lzma', ''],
  ],
  load: async () => (await import('./readers/xz.ts')).unpackLzma,
};
const USUAL_PROPERTIES = 0x5d;
const SHORTEST = 18;

/** The format of LZMA utils. It has no magic number: what all its files have is asked for. */
export default defineDecoder({
  id: 'lzma',
  title: 'LZMA file',
  form: 'container',
  begins: [USUAL_PROPERTIES],
  accepts: ({ bytes }) => bytes[0] === USUAL_PROPERTIES && bytes.length >= SHORTEST && isHeader(bytes),
  decode: (artifact, budget) => unpackFile(FORMAT, artifact, budget),
});

/**
 * A dictionary of a power of two from 64 KiB, a size that is unknown or below a terabyte, and packed data, whose first
 * byte is 0.
 */
function isHeader(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, SHORTEST);
  const dictionary = view.getUint32(1, true);
  const [low, high] = [view.getUint32(5, true), view.getUint32(9, true)];
  const isSize = high < 256 || (high === 0xffffffff && low === 0xffffffff);
  return dictionary >= 65_536 && (dictionary & (dictionary - 1)) === 0 && isSize && bytes[13] === 0;
}
