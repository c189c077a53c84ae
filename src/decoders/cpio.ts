import type { Artifact } from '../model/artifact.ts';
import { type DecodeBudget, type Decoded, defineDecoder } from './contract.ts';
import { containerGap } from './shared/container.ts';
import { giveFile } from './shared/entries.ts';
import { giveRest } from './shared/unpack.ts';

/** A form of header: how long it is, where sizes stand, what everything is filled up to. */
interface Form {
  readonly size: number;
  readonly nameSize: (bytes: Uint8Array, at: number) => number;
  readonly fileSize: (bytes: Uint8Array, at: number) => number;
  readonly align: number;
}

const digits =
  (start: number, length: number, base: number) =>
  (bytes: Uint8Array, at: number): number => {
    const text = Buffer.from(bytes.subarray(at + start, at + start + length)).toString('latin1');
    return /^[0-9a-f]+$/i.test(text) ? Number.parseInt(text, base) : Number.NaN;
  };
const words =
  (start: number, count: number) =>
  (bytes: Uint8Array, at: number): number => {
    const isLittle = bytes[at] === 0xc7;
    const word = (place: number): number =>
      (bytes[place] ?? 0) * (isLittle ? 1 : 256) + (bytes[place + 1] ?? 0) * (isLittle ? 256 : 1);
    return count === 1 ? word(at + start) : word(at + start) * 65_536 + word(at + start + 2);
  };

const NEW: Form = { size: 110, nameSize: digits(94, 8, 16), fileSize: digits(54, 8, 16), align: 4 };
const ODC: Form = { size: 76, nameSize: digits(59, 6, 8), fileSize: digits(65, 11, 8), align: 1 };
const BINARY: Form = { size: 26, nameSize: words(20, 1), fileSize: words(22, 2), align: 2 };

/**
 * cpio archives: the new ASCII forms with and without checksum, the portable one (odc), and the old binary one
 * (cpio(5)).
 */
export default defineDecoder({
  id: 'cpio',
  title: 'cpio archive',
  form: 'container',
  begins: [0x30, 0x71, 0xc7],
  accepts: ({ bytes }) => isFirst(bytes),
  decode,
});

/** Two bytes say little: of the binary form, the name that its header describes must end where it says. */
function isFirst(bytes: Uint8Array): boolean {
  const form = formAt(bytes, 0);
  if (form === undefined) return false;
  const length = form.nameSize(bytes, 0);
  return length > 1 && length < 4096 && bytes[form.size + length - 1] === 0 && bytes[form.size] !== 0;
}

function formAt(bytes: Uint8Array, at: number): Form | undefined {
  const [first, second] = [bytes[at], bytes[at + 1]];
  if ((first === 0xc7 && second === 0x71) || (first === 0x71 && second === 0xc7)) return BINARY;
  if (first !== 0x30 || second !== 0x37) return undefined;
  const magic = Buffer.from(bytes.subarray(at, at + 6)).toString('latin1');
  return magic === '070707' ? ODC : magic === '070701' || magic === '070702' ? NEW : undefined;
}

function* decode(artifact: Artifact, budget: DecodeBudget): Generator<Decoded> {
  const { bytes } = artifact;
  let at = 0;
  for (;;) {
    const form = formAt(bytes, at);
    if (form === undefined) return yield damaged(artifact);
    const [nameSize, fileSize] = [form.nameSize(bytes, at), form.fileSize(bytes, at)];
    const start = align(at + form.size + nameSize, form.align);
    if (!(nameSize > 0 && fileSize >= 0)) return yield damaged(artifact);
    const name = Buffer.from(bytes.subarray(at + form.size, at + form.size + nameSize - 1)).toString('utf8');
    // The image of an early boot: a small archive, and behind it another one, packed.
    if (name === 'TRAILER!!!') return yield* giveRest('cpio', artifact, start, budget);
    const data = bytes.subarray(start, start + fileSize);
    if (!(yield* giveFile('cpio', artifact, { name, data }, budget))) return;
    at = align(start + fileSize, form.align);
  }
}

function align(at: number, to: number): number {
  return Math.ceil(at / to) * to;
}

function damaged(artifact: Artifact): Decoded {
  return containerGap(artifact, 'corrupt', 'the cpio data is damaged or cut off');
}
