/**
 * A pack or its index is not as it should be, or holds something this reader does not know. git gets to try it then.
 */
export class PackError extends Error {
  override readonly name = 'PackError';
}
