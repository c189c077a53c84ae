import type { Readable } from 'node:stream';
import type { Entry, ZipFile } from 'yauzl';
import type { Artifact } from '../model/artifact.ts';
import { type DecodeBudget, type Decoded, defineDecoder } from './contract.ts';
import { allowedBytes, containerGap, toEntry } from './shared/container.ts';

/** Zip files and everything built on them: jar, wheel, nupkg, office documents, apk. */
export default defineDecoder({
  id: 'zip',
  title: 'zip file',
  form: 'container',
  accepts: ({ bytes }) => bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5),
  decode,
});

async function* decode(artifact: Artifact, budget: DecodeBudget): AsyncGenerator<Decoded> {
  const opened = await openZip(artifact.bytes);
  if (opened === undefined) return yield containerGap(artifact, 'corrupt', 'the zip data is damaged or cut off');
  try {
    for await (const entry of entriesOf(opened)) {
      if (entry === undefined) return yield containerGap(artifact, 'corrupt', 'the zip directory is damaged');
      const decoded = await decodeEntry(artifact, opened, entry, budget);
      if (decoded !== undefined) yield decoded;
      if (budget.entries < 0) return;
    }
  } finally {
    opened.close();
  }
}

async function openZip(bytes: Uint8Array): Promise<ZipFile | undefined> {
  const { fromBuffer } = await import('yauzl');
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  // Names are for display only, so hostile ones (`../`) need no refusal; undecoded ones are not checked.
  const options = { lazyEntries: true, decodeStrings: false, validateEntrySizes: true } as const;
  return new Promise((resolve) => {
    try {
      fromBuffer(buffer, options, (error, file) => resolve(error === null ? file : undefined));
    } catch {
      resolve(undefined);
    }
  });
}

/** Entries in directory order; undefined once when the directory breaks off. */
async function* entriesOf(file: ZipFile): AsyncGenerator<Entry | undefined> {
  for (;;) {
    const next = await new Promise<Entry | 'end' | 'error'>((resolve) => {
      const settle = (result: Entry | 'end' | 'error'): void => {
        file.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error');
        resolve(result);
      };
      file
        .once('entry', settle)
        .once('end', () => settle('end'))
        .once('error', () => settle('error'));
      file.readEntry();
    });
    if (next === 'end') return;
    if (next === 'error') return yield undefined;
    yield next;
  }
}

async function decodeEntry(
  artifact: Artifact,
  file: ZipFile,
  entry: Entry,
  budget: DecodeBudget,
): Promise<Decoded | undefined> {
  const name = nameOf(entry);
  if (name.endsWith('/') || entry.uncompressedSize === 0) return undefined;
  if (entry.isEncrypted()) return containerGap(artifact, 'unsupported', `${name} is encrypted and was not scanned`);
  budget.entries -= 1;
  if (budget.entries < 0)
    return containerGap(artifact, 'limit', 'holds more entries than the limit; the rest was not opened');
  if (entry.uncompressedSize > allowedBytes(budget, entry.compressedSize)) {
    return containerGap(
      artifact,
      'limit',
      `${name} unpacks to ${entry.uncompressedSize} bytes, more than the limits allow`,
    );
  }
  budget.bytes -= entry.uncompressedSize;
  const bytes = await readEntry(file, entry);
  return bytes === undefined
    ? containerGap(artifact, 'corrupt', `${name} cannot be unpacked`)
    : toEntry('zip', artifact, name, bytes);
}

function nameOf(entry: Entry): string {
  const raw: unknown = entry.fileName;
  return Buffer.isBuffer(raw) ? raw.toString('utf8').replaceAll('\\', '/') : String(raw);
}

function readEntry(file: ZipFile, entry: Entry): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    file.openReadStream(entry, (error, stream: Readable | undefined) => {
      if (error !== null || stream === undefined) return resolve(undefined);
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.once('error', () => resolve(undefined));
      stream.once('end', () => resolve(Buffer.concat(parts)));
    });
  });
}
