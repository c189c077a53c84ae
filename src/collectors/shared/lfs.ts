import { readBelow } from '../../lib/files/tree-file.ts';
import type { Gap } from '../../model/gap.ts';

/** Largest pointer file of Git LFS, in bytes. */
const LARGEST_POINTER = 1024;
const FIRST_BYTE = 0x76;
/**
 * The form of a pointer: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md. Only the names of extensions in it
 * could hold a secret.
 */
const POINTER =
  /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1\n(?:ext-\d-[\w-]{1,32} sha256:[0-9a-f]{64}\n)*oid sha256:([0-9a-f]{64})\nsize (\d{1,15})\n?$/;

/** What a Git LFS pointer says about the content for which it stands. */
export interface LfsPointer {
  /** SHA-256 of the content, hex. */
  readonly oid: string;
  /** Bytes of the content. */
  readonly size: number;
}

/** Reads a Git LFS pointer. Returns undefined for other bytes. */
export function parseLfsPointer(bytes: Uint8Array): LfsPointer | undefined {
  if (bytes.length > LARGEST_POINTER || bytes[0] !== FIRST_BYTE) return undefined;
  const [, oid, size] =
    POINTER.exec(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')) ?? [];
  return oid === undefined ? undefined : { oid, size: Number(size) };
}

/**
 * Returns the content behind a pointer, from the store of a repository, or a gap that says why it is not there.
 * Undefined if the bytes are no pointer.
 * @param commonDirectory git folder of the repository; absent: there is none
 * @param path names the file in the gap
 */
export function followLfsPointer(
  bytes: Uint8Array,
  commonDirectory: string | undefined,
  path: string,
  limit: number,
): { readonly bytes: Buffer } | { readonly gap: Gap } | undefined {
  const pointer = parseLfsPointer(bytes);
  if (pointer === undefined) return undefined;
  const { oid, size } = pointer;
  if (size > limit) {
    const message = `${path} is a Git LFS pointer to ${size} bytes, over the limit of ${limit}: raise limits.file-bytes to read it`;
    return { gap: { reason: 'too-large', subject: path, message } };
  }
  const place = `lfs/objects/${oid.slice(0, 2)}/${oid.slice(2, 4)}/${oid}`;
  const file = commonDirectory === undefined ? undefined : readBelow(commonDirectory, place, limit);
  if (file?.state === 'read' && file.bytes.length === size) return { bytes: file.bytes };
  const message = `${path} is a Git LFS pointer, and its ${size} bytes are not in the repository: run "git lfs fetch --all" to have them scanned`;
  return { gap: { reason: 'missing-object', subject: path, message } };
}
