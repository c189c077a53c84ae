import type { Artifact } from '../model/artifact.ts';
import { type DecodeBudget, type Decoded, defineDecoder } from './contract.ts';
import { isTarHeader, readTar, type TarEntry } from './readers/tar.ts';
import { containerGap, toEntry } from './shared/container.ts';
import { giveRest } from './shared/unpack.ts';

const MAGIC_AT = 257;
const MAGIC = Buffer.from('ustar');
const BLOCK = 512;
/** Types that hold the long name of the next entry, and those that hold records about it. */
const NAMES = new Set(['K', 'L']);
const RECORDS = new Set(['x', 'X', 'g']);

/**
 * Tar archives (V7, POSIX ustar and pax, GNU). Every type of entry that has data is given, and records of pax as text.
 */
export default defineDecoder({
  id: 'tar',
  title: 'tar archive',
  form: 'container',
  accepts: ({ bytes }) => hasMagic(bytes) || (endsChecksum(bytes) && isTarHeader(bytes.subarray(0, BLOCK))),
  decode,
});

/** A NUL or two behind the checksum of the header: tells most files from archives that have no other mark. */
function endsChecksum(bytes: Uint8Array): boolean {
  return bytes.length >= BLOCK && (bytes[154] === 0 || bytes[155] === 0);
}

function hasMagic(bytes: Uint8Array): boolean {
  return bytes[MAGIC_AT] === MAGIC[0] && MAGIC.equals(bytes.subarray(MAGIC_AT, MAGIC_AT + MAGIC.length));
}

function* decode(artifact: Artifact, budget: DecodeBudget): Generator<Decoded> {
  const { bytes } = artifact;
  let isDamaged = bytes.length < BLOCK || !isTarHeader(bytes.subarray(0, BLOCK));
  let end = 0;
  for (const entry of readTar(bytes)) {
    end = endOf(entry, bytes);
    isDamaged ||= !entry.isAligned || entry.data.length < entry.size;
    if (entry.data.length === 0 || NAMES.has(entry.type)) continue;
    if (budget.entries <= 0 && !RECORDS.has(entry.type)) {
      return yield containerGap(
        artifact,
        'limit',
        `holds more entries than the limit; ${entry.name} and the rest were not opened`,
      );
    }
    yield giveEntry(artifact, entry, budget);
  }
  if (isDamaged) yield containerGap(artifact, 'corrupt', 'the tar data is damaged or cut off');
  else yield* giveRest('tar', artifact, end, budget);
}

/** Where the blocks of an entry end. */
function endOf({ data }: TarEntry, bytes: Uint8Array): number {
  const end = data.byteOffset - bytes.byteOffset + data.length;
  return Math.min(bytes.length, Math.ceil(end / BLOCK) * BLOCK);
}

function giveEntry(artifact: Artifact, { name, type, data }: TarEntry, budget: DecodeBudget): Decoded {
  if (!RECORDS.has(type)) budget.entries -= 1;
  if (data.length > budget.bytes) {
    return containerGap(
      artifact,
      'limit',
      `${name} has ${data.length} bytes, more than the limits allow; it was not opened`,
    );
  }
  budget.bytes -= data.length;
  return toEntry('tar', artifact, name, data);
}
