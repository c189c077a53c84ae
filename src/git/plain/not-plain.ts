/**
 * Thrown for something unusual, damaged or large. The caller then asks git. The message is for debugging; users never
 * see it.
 */
export class NotPlain extends Error {
  override readonly name = 'NotPlain';
}

/** @throws NotPlain if the condition does not hold */
export function expectPlain(isPlain: boolean, what: string): asserts isPlain {
  if (!isPlain) throw new NotPlain(what);
}
