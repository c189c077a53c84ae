/** A pack or its index is broken, or holds something that this reader does not know. The caller then lets git try. */
export class PackError extends Error {
  override readonly name = 'PackError';
}
