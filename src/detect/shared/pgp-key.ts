import { createHash } from 'node:crypto';
import { crc24 } from '../../lib/bytes/checksum.ts';
import { defined } from '../../lib/fields/defined.ts';
import { ByteReader } from './decode.ts';
import { isoFromSeconds } from './iso-date.ts';

const SECRET_KEY_TAG = 5;
const ALGORITHMS: Readonly<
  Record<number, { readonly name: string; readonly numbers: number; readonly curve: boolean }>
> = {
  1: { name: 'rsa', numbers: 2, curve: false },
  2: { name: 'rsa', numbers: 2, curve: false },
  3: { name: 'rsa', numbers: 2, curve: false },
  16: { name: 'elgamal', numbers: 3, curve: false },
  17: { name: 'dsa', numbers: 4, curve: false },
  19: { name: 'ecdsa', numbers: 1, curve: true },
  22: { name: 'eddsa', numbers: 1, curve: true },
};

export interface PgpArmor {
  /** Undefined where the armor carries no CRC-24; newer versions of the standard make it optional. */
  readonly crcRight?: boolean;
  readonly body: Buffer;
}

export interface PgpKeyFacts {
  readonly keyType: string;
  readonly createdAt?: string;
  readonly encrypted?: boolean;
  /** Upper-case hex of the version 4 fingerprint. */
  readonly pgpFingerprint: string;
}

/** Reads ASCII armor (RFC 9580, 6.2); line ends may be written `\n`. Returns undefined where it is not armor. */
export function readPgpArmor(text: string): PgpArmor | undefined {
  const form = /-----BEGIN PGP PRIVATE KEY BLOCK-----([\s\S]{1,131072}?)-----END/.exec(text);
  if (form === null) return undefined;
  const lines = (form[1] ?? '')
    .replace(/\\{1,16}[rn]/g, '\n')
    .split(/\r?\n/)
    .map((line) => line.replace(/[\s"'+,]+$|^[\s"']+/g, (part) => part.replace(/[^+]/g, '')));
  const content = lines.filter((line) => line !== '' && !/^[A-Za-z]{3,20}:\s?/.test(line));
  const crc = /^=([0-9A-Za-z+/]{4})$/.exec(content.at(-1) ?? '')?.[1];
  const body = Buffer.from((crc === undefined ? content : content.slice(0, -1)).join(''), 'base64');
  if (body.length === 0) return undefined;
  return crc === undefined ? { body } : { body, crcRight: crc24(body) === Buffer.from(crc, 'base64').readUIntBE(0, 3) };
}

/** The first packet of a secret key, version 4; undefined for other packets and versions. */
export function readPgpKey(body: Buffer): PgpKeyFacts | undefined {
  const packet = readPacket(new ByteReader(body));
  if (packet === undefined) return undefined;
  const reader = new ByteReader(packet);
  const version = reader.uint8();
  const created = isoFromSeconds(reader.uint32());
  const algorithm = ALGORITHMS[reader.uint8() ?? 0];
  if (version !== 4 || algorithm === undefined || !skipNumbers(reader, algorithm)) return undefined;
  const publicPart = packet.subarray(0, packet.length - reader.left);
  const length = Buffer.from([0x99, publicPart.length >> 8, publicPart.length & 0xff]);
  const usage = reader.uint8();
  return {
    keyType: algorithm.name,
    ...defined({ createdAt: created }),
    ...(usage === undefined ? {} : { encrypted: usage !== 0 }),
    pgpFingerprint: createHash('sha1').update(length).update(publicPart).digest('hex').toUpperCase(),
  };
}

/** Body of the first packet, both header formats; partial lengths are not used for keys. */
function readPacket(reader: ByteReader): Buffer | undefined {
  const head = reader.uint8() ?? 0;
  if ((head & 0x80) === 0) return undefined;
  const isNew = (head & 0x40) !== 0;
  const tag = isNew ? head & 0x3f : (head >> 2) & 0x0f;
  if (tag !== SECRET_KEY_TAG) return undefined;
  const length = isNew ? readNewLength(reader) : readOldLength(reader, head & 3);
  return length === undefined ? undefined : reader.take(Math.min(length, reader.left));
}

function readOldLength(reader: ByteReader, kind: number): number | undefined {
  if (kind === 0) return reader.uint8();
  if (kind === 1) return reader.uint16();
  return kind === 2 ? reader.uint32() : reader.left;
}

function readNewLength(reader: ByteReader): number | undefined {
  const first = reader.uint8();
  if (first === undefined || first < 192) return first;
  if (first === 255) return reader.uint32();
  const second = reader.uint8();
  return first < 224 && second !== undefined ? (first - 192) * 256 + second + 192 : undefined;
}

function skipNumbers(reader: ByteReader, algorithm: { readonly numbers: number; readonly curve: boolean }): boolean {
  if (algorithm.curve && reader.take(reader.uint8() ?? -1) === undefined) return false;
  for (let count = 0; count < algorithm.numbers; count++) {
    const bits = reader.uint16();
    if (bits === undefined || reader.take(Math.ceil(bits / 8)) === undefined) return false;
  }
  return true;
}
