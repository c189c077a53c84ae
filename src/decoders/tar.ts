import { Readable } from 'node:stream';
import type { Artifact } from '../model/artifact.ts';
import { type DecodeBudget, type Decoded, defineDecoder } from './contract.ts';
import { containerGap, toEntry } from './shared/container.ts';

const MAGIC_AT = 257;
const MAGIC = Buffer.from('ustar');

/** Tar archives (POSIX ustar and pax, GNU). */
export default defineDecoder({
  id: 'tar',
  title: 'tar archive',
  form: 'container',
  accepts: ({ bytes }) =>
    bytes[MAGIC_AT] === MAGIC[0] && MAGIC.equals(bytes.subarray(MAGIC_AT, MAGIC_AT + MAGIC.length)),
  decode,
});

async function* decode(artifact: Artifact, budget: DecodeBudget): AsyncGenerator<Decoded> {
  const { extract } = await import('tar-stream');
  const archive = extract();
  const source = Readable.from([Buffer.from(artifact.bytes.buffer, artifact.bytes.byteOffset, artifact.bytes.length)]);
  source.pipe(archive);
  try {
    for await (const entry of archive) {
      const { name, size = 0, type } = entry.header;
      if (type !== 'file' || size === 0) {
        entry.resume();
        continue;
      }
      if (budget.entries <= 0 || size > budget.bytes) {
        yield containerGap(
          artifact,
          'limit',
          `holds more than the limits allow; ${name} and what follows were not opened`,
        );
        return;
      }
      budget.entries -= 1;
      budget.bytes -= size;
      yield toEntry('tar', artifact, name, await readEntry(entry));
    }
  } catch {
    yield containerGap(artifact, 'corrupt', 'the tar data is damaged or cut off');
  } finally {
    source.destroy();
    archive.destroy();
  }
}

async function readEntry(entry: AsyncIterable<unknown>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of entry) if (part instanceof Uint8Array) parts.push(part);
  return Buffer.concat(parts);
}
