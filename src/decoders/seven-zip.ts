import type { Artifact } from '../model/artifact.ts';
import { type DecodeBudget, type Decoded, defineDecoder } from './contract.ts';
import type { Folder, Header } from './readers/seven-zip.ts';
import { UnpackError } from './shared/byte-sink.ts';
import { allowedBytes, containerGap } from './shared/container.ts';
import { giveFile } from './shared/entries.ts';
import { runUnpack } from './shared/unpack.ts';

const MAGIC = Buffer.from("7z\xbc\xaf'\x1c", 'latin1');
const SIGNATURE = 32;

/**
 * 7z archives. What is packed together is unpacked once, and counts against the budget once for its files and once for
 * itself.
 */
export default defineDecoder({
  id: 'seven-zip',
  title: '7z archive',
  form: 'container',
  begins: [0x37],
  accepts: ({ bytes }) => bytes[0] === MAGIC[0] && MAGIC.equals(bytes.subarray(0, MAGIC.length)),
  decode,
});

async function* decode(artifact: Artifact, budget: DecodeBudget): AsyncGenerator<Decoded> {
  const { bytes } = artifact;
  try {
    const { folders, names } = await openHeader(bytes, budget);
    let next = 0;
    for (const folder of folders) {
      const own = folder.files.map((size, index) => ({
        size,
        name: names[next + index] ?? `file ${next + index + 1}`,
      }));
      next += own.length;
      if (!(yield* openFolder(artifact, folder, own, budget))) return;
    }
  } catch (error) {
    const { problem, message } = error instanceof UnpackError ? error : new UnpackError('corrupt');
    const text = problem === 'corrupt' ? 'the 7z data is damaged or cut off' : `the 7z header ${message}`;
    yield containerGap(artifact, problem, problem === 'limit' ? 'its header is larger than the limits allow' : text);
  }
}

/** Headers are packed themselves, mostly: once, or as often as somebody likes who wants it to take long. */
async function openHeader(bytes: Uint8Array, budget: DecodeBudget): Promise<Header> {
  const { readHeader } = await import('./readers/seven-zip.ts');
  if (bytes.length < SIGNATURE) throw new UnpackError('corrupt');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [offset, size] = [Number(view.getBigUint64(12, true)), Number(view.getBigUint64(20, true))];
  if (size === 0) return { folders: [], names: [], isPacked: false };
  if (SIGNATURE + offset + size > bytes.length) throw new UnpackError('corrupt');
  let header = readHeader(bytes.subarray(SIGNATURE + offset, SIGNATURE + offset + size), SIGNATURE);
  for (let depth = 0; header.isPacked; depth += 1) {
    const [folder] = header.folders;
    if (folder === undefined || depth > 3) throw new UnpackError('corrupt');
    const { bytes: unpacked, error } = await unpackFolder(bytes, folder, allowedBytes(budget, bytes.length));
    if (error !== undefined) throw error;
    header = readHeader(unpacked, SIGNATURE);
  }
  return header;
}

interface NamedFile {
  readonly name: string;
  readonly size: number;
}

async function* openFolder(
  artifact: Artifact,
  folder: Folder,
  files: readonly NamedFile[],
  budget: DecodeBudget,
): AsyncGenerator<Decoded, boolean> {
  const { bytes, error } = await unpackFolder(artifact.bytes, folder, allowedBytes(budget, folder.end - folder.start));
  let at = 0;
  for (const { name, size } of files) {
    const data = bytes.subarray(at, at + size);
    at += size;
    if (!(yield* giveFile('seven-zip', artifact, { name, data }, budget))) return false;
  }
  if (error !== undefined) yield describeFailure(artifact, error, files);
  return true;
}

function describeFailure(artifact: Artifact, error: UnpackError, files: readonly NamedFile[]): Decoded {
  const names = `${files[0]?.name ?? 'a file'}${files.length > 1 ? ` and ${files.length - 1} more` : ''}`;
  if (error.problem === 'limit')
    return containerGap(
      artifact,
      'limit',
      `${names}: unpacks to more than the limits allow; what is beyond was not scanned`,
    );
  const text = error.problem === 'corrupt' ? 'cannot be unpacked' : `${error.message} and was not scanned`;
  return containerGap(artifact, error.problem, `${names}: ${text}`);
}

async function unpackFolder(
  bytes: Uint8Array,
  folder: Folder,
  mostBytes: number,
): Promise<ReturnType<typeof runUnpack>> {
  const { unpackChain } = await import('./readers/seven-zip-coders.ts');
  return runUnpack((packed, sink) => unpackChain(packed, folder, sink, mostBytes), bytes, mostBytes);
}
