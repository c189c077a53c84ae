import type { Artifact } from '../model/artifact.ts';
import { type DecodeBudget, type Decoded, defineDecoder } from './contract.ts';
import { allowedBytes, containerGap, toEntry } from './shared/container.ts';
import { runUnpack, type Unpack } from './shared/unpack.ts';

const MAGIC = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Bytes of a chunk around its data: length and type before it, a checksum behind it. */
const [BEFORE, BEHIND] = [8, 4];

/** A chunk with packed text: what the text is called, and its zlib stream. */
interface PackedText {
  readonly name: string;
  readonly data: Uint8Array;
}

/**
 * Packed texts of PNG pictures: the chunks `zTXt` and `iTXt` (W3C, PNG third edition, 11.3.3). Texts that are not
 * packed are scanned as they stand, and the picture itself is not looked at.
 */
export default defineDecoder({
  id: 'png',
  title: 'Packed texts of a PNG picture',
  form: 'container',
  begins: [0x89],
  // A picture without such a text is no container: at the limit of nesting it would be a gap.
  accepts: ({ bytes }) =>
    bytes[0] === MAGIC[0] &&
    MAGIC.every((byte, index) => bytes[index] === byte) &&
    findTexts(bytes).next().done === false,
  decode,
});

async function* decode(artifact: Artifact, budget: DecodeBudget): AsyncGenerator<Decoded> {
  let unpack: Unpack | undefined;
  for (const text of findTexts(artifact.bytes)) {
    if (budget.entries <= 0) {
      return yield containerGap(artifact, 'limit', 'holds more texts than the limit; the rest was not opened');
    }
    budget.entries -= 1;
    unpack ??= (await import('./readers/zlib.ts')).unpackZlib;
    yield* unpackText(artifact, text, unpack, budget);
  }
}

/** Ends at the first chunk that goes beyond the file; of that one, what is there is returned. */
function* findTexts(bytes: Uint8Array): Generator<PackedText> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = MAGIC.length;
  while (at + BEFORE <= bytes.length) {
    const end = at + BEFORE + view.getUint32(at);
    const type = latin1(bytes.subarray(at + 4, at + BEFORE));
    const text = readChunk(type, bytes.subarray(at + BEFORE, end));
    if (text !== undefined) yield text;
    at = end + BEHIND;
  }
}

function readChunk(type: string, data: Uint8Array): PackedText | undefined {
  if (type !== 'zTXt' && type !== 'iTXt') return undefined;
  // A keyword has 79 characters at most. Whoever writes a longer one means to hide what stands behind it.
  const keyword = data.indexOf(0);
  if (keyword < 0) return undefined;
  const name = `${type} ${latin1(data.subarray(0, keyword))}`;
  // Behind the keyword stands the method of packing, in iTXt a flag before it, and two texts of any length after it.
  if (type === 'zTXt') return { name, data: data.subarray(keyword + 2) };
  if (data[keyword + 1] !== 1) return undefined;
  const language = data.indexOf(0, keyword + 3);
  const translated = language < 0 ? -1 : data.indexOf(0, language + 1);
  return translated < 0 ? undefined : { name, data: data.subarray(translated + 1) };
}

function* unpackText(
  artifact: Artifact,
  { name, data }: PackedText,
  unpack: Unpack,
  budget: DecodeBudget,
): Generator<Decoded> {
  const mostBytes = allowedBytes(budget, data.length);
  const { bytes, error } = runUnpack(unpack, data, mostBytes);
  budget.bytes -= bytes.length;
  if (bytes.length > 0) yield toEntry('png', artifact, name, bytes);
  if (error === undefined) return;
  const problem = error.problem === 'limit' ? `unpacks to more than ${mostBytes} bytes` : 'is damaged or cut off';
  yield containerGap(artifact, error.problem, `the text "${name}" ${problem}`);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
