/**
 * Thrown for something unusual, damaged or large: the caller asks git instead. The message is for debugging; users
 * never see it.
 */
export class NotPlain extends Error {
  override readonly name = 'NotPlain';
}

/** @throws NotPlain unless it is as it should be */
export function expectPlain(isPlain: boolean, what: string): asserts isPlain {
  if (!isPlain) throw new NotPlain(what);
}
