import type { Artifact } from '../model/artifact.ts';
import { type DecodeBudget, type Decoded, defineDecoder } from './contract.ts';
import { containerGap } from './shared/container.ts';
import { giveFile } from './shared/entries.ts';

const MAGIC = [0xed, 0xab, 0xee, 0xdb];
const HEADER_MAGIC = [0x8e, 0xad, 0xe8, 0x01];
/** Bytes of the lead, of the start of a header, and of one entry of its index. */
const [LEAD, HEADER, ENTRY] = [96, 16, 16];

/**
 * RPM packages (rpm.org, "RPM V4 package format"): a lead, a header of signatures, a header of tags, and the files as a
 * packed cpio archive, which the decoders of its packing and of cpio open. What the headers say, scripts and change
 * logs among it, stands there as it is.
 */
export default defineDecoder({
  id: 'rpm',
  title: 'RPM package',
  form: 'container',
  begins: [0xed],
  accepts: ({ bytes }) => bytes[0] === MAGIC[0] && hasBytes(bytes, 0, MAGIC),
  decode,
});

function* decode(artifact: Artifact, budget: DecodeBudget): Generator<Decoded> {
  const { bytes } = artifact;
  const start = findPayload(bytes);
  if (start === undefined) return yield containerGap(artifact, 'corrupt', 'the RPM package is damaged or cut off');
  yield* giveFile('rpm', artifact, { name: 'payload', data: bytes.subarray(start) }, budget);
}

/** Where the packed files begin. The first header is filled up to a multiple of eight bytes, the second is not. */
function findPayload(bytes: Uint8Array): number | undefined {
  const signaturesEnd = headerEnd(bytes, LEAD);
  return signaturesEnd === undefined ? undefined : headerEnd(bytes, Math.ceil(signaturesEnd / 8) * 8);
}

/** Where the header that begins at `at` ends: it says how many entries its index has, and how long its values are. */
function headerEnd(bytes: Uint8Array, at: number): number | undefined {
  if (!hasBytes(bytes, at, HEADER_MAGIC) || at + HEADER > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, HEADER);
  const end = at + HEADER + view.getUint32(8) * ENTRY + view.getUint32(12);
  return end <= bytes.length ? end : undefined;
}

function hasBytes(bytes: Uint8Array, at: number, expected: readonly number[]): boolean {
  return expected.every((byte, index) => bytes[at + index] === byte);
}
