import { ByteSink, UnpackError } from '../shared/byte-sink.ts';
import { unpackBzip2 } from './bzip2.ts';
import { LzmaDecoder, readProperties } from './lzma.ts';
import { unpackLzma2 } from './lzma2.ts';
import type { Coder, Folder } from './seven-zip.ts';
import { unpackDeflate } from './zlib.ts';

type Unpack = (packed: Uint8Array, coder: Coder, size: number, sink: ByteSink) => void;

/**
 * Methods that are known, by their ids (Methods.txt of the LZMA SDK). Filters for programs change the addresses of
 * jumps only.
 */
const METHODS: Readonly<Record<string, Unpack>> = {
  '00': (packed, _coder, size, sink) => sink.writeAll(packed.subarray(0, size)),
  '21': (packed, _coder, _size, sink) => void unpackLzma2(packed, 0, packed.length, sink),
  '030101': unpackLzma,
  '040108': (packed, _coder, _size, sink) => void unpackDeflate(packed, sink),
  '040202': (packed, _coder, _size, sink) => void unpackBzip2(packed, sink),
  '03': undoDelta,
  ...Object.fromEntries(
    [
      '03030103',
      '03030205',
      '03030401',
      '03030501',
      '03030701',
      '03030805',
      '04',
      '05',
      '06',
      '07',
      '08',
      '09',
      '0a',
    ].map((id) => [
      id,
      (packed: Uint8Array, _coder: Coder, size: number, sink: ByteSink) => sink.writeAll(packed.subarray(0, size)),
    ]),
  ),
};
const ENCRYPTED = '06f10701';

/**
 * Unpacks what is packed together, coder after coder; what a damaged one still gives goes on. Returns where the packed
 * data ends.
 */
export function unpackChain(bytes: Uint8Array, folder: Folder, sink: ByteSink, mostBytes: number): number {
  if (folder.coders.some(({ method }) => method === ENCRYPTED)) throw new UnpackError('unsupported', 'is encrypted');
  const unknown = folder.coders.find(({ method }) => METHODS[method] === undefined);
  if (folder.order.length === 0 || unknown !== undefined)
    throw new UnpackError('unsupported', `is packed by the method ${unknown?.method ?? 'BCJ2'}`);
  let packed = bytes.subarray(folder.start, folder.end);
  for (const index of folder.order.slice(0, -1)) packed = unpackOne(packed, folder, index, new ByteSink(mostBytes));
  unpackOne(packed, folder, folder.order.at(-1) ?? 0, sink);
  if (folder.end > bytes.length) throw new UnpackError('corrupt');
  return folder.end;
}

function unpackOne(packed: Uint8Array, { coders, sizes }: Folder, index: number, sink: ByteSink): Uint8Array {
  const coder = coders[index] as Coder;
  METHODS[coder.method]?.(packed, coder, sizes[index] ?? 0, sink);
  return sink.view();
}

function unpackLzma(packed: Uint8Array, { properties }: Coder, size: number, sink: ByteSink): void {
  const decoder = new LzmaDecoder(sink);
  decoder.resetState(readProperties(properties[0] ?? 255));
  if (size > 0) decoder.decode(packed, 0, packed.length, size);
}

function undoDelta(packed: Uint8Array, { properties }: Coder, size: number, sink: ByteSink): void {
  const distance = (properties[0] ?? 0) + 1;
  const length = Math.min(size, packed.length);
  for (let at = 0; at < length; at += 1)
    sink.write(((packed[at] as number) + (at < distance ? 0 : sink.back(distance))) & 255);
}
