import { isDerPrivateKey, isPgpCompressed, isPgpMessage, isPgpSecretKey, packetStarts } from './binary-keys.ts';

/**
 * Bytes that a file of a format holds: at an offset from its first byte, or, where negative, from behind its last.
 * Latin-1.
 */
type Mark = readonly [at: number, bytes: string];

/** One format. All marks must be there; marks of few bytes come with a test of what stands around them. */
interface Format {
  readonly name: string;
  readonly marks: readonly Mark[];
  readonly test?: (bytes: Uint8Array) => boolean;
}

function format(name: string, ...marks: readonly Mark[]): Format {
  return { name, marks };
}

function tested(name: string, mark: Mark, test: (bytes: Uint8Array) => boolean): Format {
  return { name, marks: [mark], test };
}

/**
 * Every format that packs, encrypts or scatters what it holds, so that a scan of its bytes shows nothing of it, and
 * that no decoder opens. Sources: the format's specification, file(1)'s magic and the list of signatures of PRONOM. Not
 * here: pictures, sound, fonts, programs and whatever lies in a file as it is, since the scan of the bytes reads that.
 */
const FORMATS: readonly Format[] = [
  // Archives and compressed files.
  format('RAR archive', [0, 'Rar!\x1a\x07']),
  format('RAR archive', [0, 'RE~^']),
  format('ACE archive', [7, '**ACE**']),
  tested('ARJ archive', [0, '\x60\xea'], isArj),
  format('StuffIt archive', [0, 'StuffIt (c)1997']),
  format('StuffIt archive', [0, 'SIT!'], [10, 'rLau']),
  format('ZOO archive', [0, 'ZOO '], [20, '\xdc\xa7\xc4\xfd']),
  tested('LHA archive', [2, '-l'], isLha),
  format('ZPAQ archive', [0, '7kSt\xa0']),
  format('ZPAQ archive', [0, 'zPQ\x01']),
  format('ZPAQ archive', [0, 'zPQ\x02']),
  format('xar archive', [0, 'xar!\x00\x1c']),
  format('Windows cabinet', [0, 'MSCF\x00\x00\x00\x00']),
  format('InstallShield cabinet', [0, 'ISc(']),
  format('RPM payload with files over 4 GiB', [0, '07070X']),
  format('Android backup', [0, 'ANDROID BACKUP\n']),
  format('Pack200 archive', [0, '\xca\xfe\xd0\x0d']),
  format('Windows help file (CHM)', [0, 'ITSF\x03\x00\x00\x00']),
  format('TNEF mail attachment', [0, '\x78\x9f\x3e\x22']),
  format('lzop file', [0, '\x89LZO\x00\x0d\x0a\x1a\x0a']),
  format('LZ4 file', [0, '\x04\x22\x4d\x18']),
  format('LZ4 file', [0, '\x02\x21\x4c\x18']),
  format('LZ4 file of Mozilla', [0, 'mozLz40\x00']),
  format('Snappy file', [0, '\xff\x06\x00\x00sNaPpY']),
  format('LRZIP file', [0, 'LRZI\x00']),
  tested('compress (.Z) file', [0, '\x1f\x9d'], isCompress),
  tested('compressed Flash file', [1, 'WS'], isFlash),
  // Images of disks and file systems.
  format('ISO 9660 image', [32_769, 'CD001']),
  format('SquashFS image', [0, 'hsqs'], [28, '\x04\x00']),
  format('SquashFS image', [0, 'sqsh'], [28, '\x00\x04']),
  format('cramfs image', [16, 'Compressed ROMFS']),
  format('Btrfs image', [65_600, '_BHRfS_M']),
  format('XFS image', [0, 'XFSB\x00\x00']),
  format('NTFS image', [3, 'NTFS    '], [510, '\x55\xaa']),
  tested('ext2, ext3 or ext4 image', [1080, '\x53\xef'], isExt),
  format('Apple disk image', [-512, 'koly\x00\x00\x00\x04']),
  format('Windows image (WIM)', [0, 'MSWIM\x00\x00\x00']),
  format('VMDK disk image', [0, 'KDMV'], [5, '\x00\x00\x00']),
  format('VHD disk image', [-512, 'conectix']),
  format('VHDX disk image', [0, 'vhdxfile']),
  format('VDI disk image', [0, '<<<'], [64, '\x7f\x10\xda\xbe']),
  format('QCOW disk image', [0, 'QFI\xfb']),
  // Databases and tables.
  format('Access database', [0, '\x00\x01\x00\x00Standard ']),
  format('PostgreSQL dump', [0, 'PGDMP\x01']),
  tested('Redis dump', [0, 'REDIS0'], isRedis),
  format('LevelDB or RocksDB table', [-8, '\x57\xfb\x80\x8b\x24\x75\x47\xdb']),
  format('LevelDB or RocksDB table', [-8, '\xf7\xcf\xf4\x85\xb7\x41\xe2\x88']),
  format('Berkeley DB database', [12, '\x62\x31\x05\x00']),
  format('Berkeley DB database', [12, '\x61\x15\x06\x00']),
  format('GDBM database', [0, '\xce\x9a\x57\x13']),
  format('LMDB database', [16, '\xde\xc0\xef\xbe\x01\x00\x00\x00']),
  format('DuckDB database', [8, 'DUCK'], [13, '\x00\x00\x00']),
  format('Realm database', [16, 'T-DB']),
  format('H2 database', [0, 'H:2,block']),
  format('ESE database', [4, '\xef\xcd\xab\x89']),
  format('Outlook mailbox (PST)', [0, '!BDN']),
  format('Parquet table', [0, 'PAR1'], [-4, 'PAR1']),
  format('ORC table', [0, 'ORC'], [-4, 'ORC']),
  format('Avro data', [0, 'Obj\x01']),
  format('Arrow data', [0, 'ARROW1\x00\x00']),
  format('HDF5 data', [0, '\x89HDF\x0d\x0a\x1a\x0a']),
  format('Hadoop sequence file', [0, 'SEQ\x06']),
  // Documents.
  format('compound file (old Office document, MSI)', [0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1']),
  format('OneNote notebook', [0, '\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d']),
  format('DjVu document', [0, 'AT&TFORM'], [12, 'DJV']),
  // Encrypted files and keys. Those that are written as text (PGP, age, Ansible Vault) are texts.
  format('age-encrypted file', [0, 'age-encryption.org/v1\n']),
  format('git-crypt file', [0, '\x00GITCRYPT\x00']),
  format('OpenSSL-encrypted file', [0, 'Salted__']),
  format('LUKS volume', [0, 'LUKS\xba\xbe']),
  format('KeePass database', [0, '\x03\xd9\xa2\x9a']),
  format('Java keystore', [0, '\xfe\xed\xfe\xed\x00\x00\x00']),
  format('JCE keystore', [0, '\xce\xce\xce\xce\x00\x00\x00']),
  tested('PKCS #12 keystore', [0, '\x30\x82'], isPkcs12),
  tested('private key in DER', [0, '\x30'], isDerPrivateKey),
  ...packetStarts('secretKey').map((start) => tested('PGP secret key', [0, start], isPgpSecretKey)),
  ...packetStarts('forKey').map((start) => tested('PGP-encrypted file', [0, start], isPgpMessage)),
  ...packetStarts('forPassword').map((start) => tested('PGP-encrypted file', [0, start], isPgpMessage)),
  tested('PGP-compressed file', [0, '\xa3'], isPgpCompressed),
  format('GnuPG private key', [0, '(11:private-key(']),
  format('GnuPG private key', [0, '(21:protected-private-key(']),
  format('macOS keychain', [0, 'kych\x00\x01\x00\x00']),
  // Git.
  format('git pack', [0, 'PACK\x00\x00\x00']),
  format('git bundle', [0, '# v2 git bundle\n']),
  format('git bundle', [0, '# v3 git bundle\n']),
];

/**
 * Formats by the byte that a file begins with, and those that no first byte tells. Nearly every text is told from all
 * of them by one look at a table and one byte a format of the second list.
 */
const [BY_FIRST_BYTE, OTHERS] = indexFormats();

function indexFormats(): readonly [ReadonlyMap<number, readonly Format[]>, readonly Format[]] {
  const byFirst = new Map<number, Format[]>();
  const others: Format[] = [];
  for (const format of FORMATS) {
    const [at, text] = format.marks[0] as Mark;
    if (at !== 0) others.push(format);
    else byFirst.set(text.charCodeAt(0), [...(byFirst.get(text.charCodeAt(0)) ?? []), format]);
  }
  return [byFirst, others];
}

/** First marks of the formats that no first byte tells: where each begins, and with which byte. */
const OTHER_PLACES = Int32Array.from(OTHERS, ({ marks: [mark] }) => mark?.[0] ?? 0);
const OTHER_BYTES = Uint8Array.from(OTHERS, ({ marks: [mark] }) => mark?.[1].charCodeAt(0) ?? 0);

/** Bytes that tell a text from the formats of the second list. */
const FIRST_BYTES = 16;

/** Name of the format that a file has, where it is one that hides what it holds and that no decoder opens. */
export function unopenedFormat(bytes: Uint8Array): string | undefined {
  const candidates = BY_FIRST_BYTE.get(bytes[0] ?? -1);
  const first = candidates?.find((candidate) => matches(candidate, bytes));
  if (first !== undefined || beginsLikeText(bytes)) return first?.name;
  for (let index = 0; index < OTHER_PLACES.length; index += 1) {
    const place = OTHER_PLACES[index] as number;
    if (bytes[place < 0 ? bytes.length + place : place] !== OTHER_BYTES[index]) continue;
    const candidate = OTHERS[index] as Format;
    if (matches(candidate, bytes)) return candidate.name;
  }
  return undefined;
}

/**
 * True for nearly every text, and for no file of a format that the first byte does not tell: numbers stand at their
 * start.
 */
function beginsLikeText(bytes: Uint8Array): boolean {
  const end = Math.min(bytes.length, FIRST_BYTES);
  for (let at = 0; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte > 126 || (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13)) return false;
  }
  return true;
}

function matches({ marks, test }: Format, bytes: Uint8Array): boolean {
  return marks.every((mark) => hasMark(bytes, mark)) && (test?.(bytes) ?? true);
}

function hasMark(bytes: Uint8Array, [at, text]: Mark): boolean {
  const start = at < 0 ? bytes.length + at : at;
  if (start < 0 || start + text.length > bytes.length) return false;
  for (let index = 0; index < text.length; index += 1) {
    if (bytes[start + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;
}

/**
 * A basic header of at most 2600 bytes, whose first part is of 30 to 48, and which says that it is the archive's own.
 */
function isArj(bytes: Uint8Array): boolean {
  const [size, first] = [uint16(bytes, 2), bytes[4] ?? 0];
  return size >= first && size <= 2600 && first >= 30 && first <= 48 && bytes[10] === 2;
}

/** `-lh5-`, `-lz4-`, `-pm1-` and the like behind the sizes of the header. */
function isLha(bytes: Uint8Array): boolean {
  const method = String.fromCharCode(...bytes.subarray(2, 7));
  return /^-(?:lh[0-9dx]|lz[2-8s])-$/.test(method) && (bytes[20] ?? 9) <= 3 && (bytes[0] ?? 0) >= 20;
}

/** Nine to sixteen bits a code, and no flag that was never used. The first code stands for a byte. */
function isCompress(bytes: Uint8Array): boolean {
  const flags = bytes[2] ?? 0;
  const bits = flags & 31;
  return (flags & 96) === 0 && bits >= 9 && bits <= 16 && bytes.length > 5 && ((bytes[4] ?? 1) & 1) === 0;
}

/** `CWS` and `ZWS`, a version that Flash had, and a length. */
function isFlash(bytes: Uint8Array): boolean {
  const compressed = bytes[0] === 0x43 || bytes[0] === 0x5a;
  const version = bytes[3] ?? 0;
  return compressed && version >= 6 && version <= 50 && bytes.length > 21 && bytes[7] === 0;
}

/** A block size up to 64 KiB, a clean or broken state, and a revision 0 or 1. */
function isExt(bytes: Uint8Array): boolean {
  const [blockSize, state, revision] = [uint16(bytes, 1048), uint16(bytes, 1082), uint16(bytes, 1100)];
  return bytes.length >= 2048 && blockSize <= 6 && state <= 7 && revision <= 1 && uint16(bytes, 1050) === 0;
}

/** A version of four digits, and an operation behind it. */
function isRedis(bytes: Uint8Array): boolean {
  const version = String.fromCharCode(...bytes.subarray(5, 9));
  return /^00[0-9]{2}$/.test(version) && (bytes[9] ?? 0) >= 0xf4;
}

/** A sequence of the version 3 and a sequence that begins with the object identifier of PKCS #7 (RFC 7292). */
function isPkcs12(bytes: Uint8Array): boolean {
  return (
    hasMark(bytes, [4, '\x02\x01\x03\x30']) &&
    hasMark(bytes, [bytes[8] === 0x80 ? 9 : 11, '\x06\x09\x2a\x86\x48\x86\xf7'])
  );
}
