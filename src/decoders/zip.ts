import type { Artifact } from '../model/artifact.ts';
import { type DecodeBudget, type Decoded, defineDecoder } from './contract.ts';
import { findUnlisted, findZipEnd, readDirectory, type ZipDirectory, type ZipMember } from './readers/zip.ts';
import { allowedBytes, containerGap, toEntry } from './shared/container.ts';
import { giveRest, runUnpack, type Unpack } from './shared/unpack.ts';

/** Most bytes of an end record with its comment. */
const END_SIZE = 22;

/** Entries that stand in the same bytes are read so many times over. */
const MOST_READ = 3;

/** How entries are packed (APPNOTE 4.4.5). What is not here is a gap: Deflate64, PPMd, WavPack and other rare ones. */
const METHODS: Readonly<Record<number, () => Promise<Unpack>>> = {
  8: async () => (await import('./readers/zlib.ts')).unpackDeflate,
  12: async () => (await import('./readers/bzip2.ts')).unpackBzip2,
  14: async () => (await import('./readers/xz.ts')).unpackZippedLzma,
  93: async () => {
    const [{ unpackZstd }, { Decompress }] = await Promise.all([import('./readers/zstd.ts'), import('fzstd')]);
    return unpackZstd(Decompress);
  },
  95: async () => (await import('./readers/xz.ts')).unpackXz,
};

/**
 * Zip files and everything built on them: jar, wheel, nupkg, office documents, apk, and programs that unpack
 * themselves. Entries that the directory does not list are found by their local headers; sizes that directory or header
 * state are not believed.
 */
export default defineDecoder({
  id: 'zip',
  title: 'zip file',
  form: 'container',
  accepts: ({ bytes }) => beginsLikeZip(bytes) || endsLikeZip(bytes) || isProgramWithZip(bytes),
  decode,
});

/** A local header, an empty directory, or the mark of a spanned archive before the first header. */
function beginsLikeZip({ 0: a, 1: b, 2: c = 0, 3: d, 4: e, 5: f }: Uint8Array): boolean {
  if (a !== 0x50 || b !== 0x4b) return false;
  if ((c === 3 && d === 4) || (c === 5 && d === 6)) return true;
  return ((c === 7 && d === 8) || (c === 0x30 && d === 0x30)) && e === 0x50 && f === 0x4b;
}

function endsLikeZip(bytes: Uint8Array): boolean {
  const at = bytes.length - END_SIZE;
  return bytes[at] === 0x50 && bytes[at + 1] === 0x4b && bytes[at + 2] === 5 && bytes[at + 3] === 6;
}

/** A program of Windows or Linux, or an extension of Chrome, with a directory and a comment at its end. */
function isProgramWithZip(bytes: Uint8Array): boolean {
  const { 0: a, 1: b, 2: c, 3: d } = bytes;
  const isProgram = (a === 0x4d && b === 0x5a) || (a === 0x7f && b === 0x45 && c === 0x4c && d === 0x46);
  return isProgram && readDirectory(bytes, 1).isWhole && findZipEnd(bytes) >= 0;
}

async function* decode(artifact: Artifact, budget: DecodeBudget): AsyncGenerator<Decoded> {
  const directory = readDirectory(artifact.bytes, budget.entries + 1);
  let unread = artifact.bytes.length * MOST_READ;
  for (const member of membersOf(artifact, directory)) {
    if (isFolder(member)) continue;
    budget.entries -= 1;
    if (budget.entries < 0)
      return yield containerGap(artifact, 'limit', 'holds more entries than the limit; the rest was not opened');
    unread -= member.packedSize ?? 0;
    if (unread < 0)
      return yield containerGap(
        artifact,
        'limit',
        `${member.name} and the rest share their data; they were not opened`,
      );
    yield* decodeMember(artifact, member, budget);
  }
  if (directory.elsewhere > 0) {
    yield containerGap(
      artifact,
      'unsupported',
      `${directory.elsewhere} entries stand in other files of a spanned archive`,
    );
  } else if (!directory.isWhole) yield containerGap(artifact, 'corrupt', 'the zip directory is damaged or cut off');
  const end = endOf(artifact.bytes);
  if (end !== undefined) yield* giveRest('zip', artifact, end, budget);
}

/** Where the end record with its comment ends. */
function endOf(bytes: Uint8Array): number | undefined {
  const at = findZipEnd(bytes);
  return at < 0 ? undefined : at + END_SIZE + (bytes[at + 20] ?? 0) + (bytes[at + 21] ?? 0) * 256;
}

function* membersOf(artifact: Artifact, directory: ZipDirectory): Generator<ZipMember> {
  yield* directory.members;
  yield* findUnlisted(artifact.bytes, directory);
}

/** Nothing is packed. */
function isFolder({ packedSize, isEncrypted }: ZipMember): boolean {
  return packedSize === 0 && !isEncrypted;
}

async function* decodeMember(artifact: Artifact, member: ZipMember, budget: DecodeBudget): AsyncGenerator<Decoded> {
  const { name, method, isEncrypted, start, packedSize } = member;
  const load = METHODS[method];
  if (isEncrypted) return yield containerGap(artifact, 'unsupported', `${name} is encrypted and was not scanned`);
  if (method === 0) return yield giveStored(artifact, member, budget);
  if (load === undefined)
    return yield containerGap(artifact, 'unsupported', `${name} is packed by method ${method} and was not scanned`);
  const packed = artifact.bytes.subarray(start, packedSize === undefined ? undefined : start + packedSize);
  const mostBytes = allowedBytes(budget, packed.length);
  const { bytes, error } = runUnpack(await load(), packed, mostBytes);
  budget.bytes -= bytes.length;
  if (bytes.length > 0) yield toEntry('zip', artifact, name, bytes);
  if (error?.problem === 'limit')
    yield containerGap(
      artifact,
      'limit',
      `${name} unpacks to more than ${mostBytes} bytes; what is beyond was not scanned`,
    );
  else if (error !== undefined) yield containerGap(artifact, error.problem, `${name} cannot be unpacked`);
}

function giveStored(artifact: Artifact, { name, start, packedSize = 0 }: ZipMember, budget: DecodeBudget): Decoded {
  const bytes = artifact.bytes.subarray(start, start + packedSize);
  if (bytes.length > budget.bytes) {
    return containerGap(
      artifact,
      'limit',
      `${name} has ${bytes.length} bytes, more than the limits allow; it was not scanned`,
    );
  }
  budget.bytes -= bytes.length;
  return bytes.length === 0
    ? containerGap(artifact, 'corrupt', `${name} cannot be unpacked`)
    : toEntry('zip', artifact, name, bytes);
}
