/** Something that is left to git: unusual, damaged or large. The message is for whoever debugs; users never see it. */
export class NotPlain extends Error {
  override readonly name = 'NotPlain';
}

/** @throws NotPlain unless it is as it should be */
export function expectPlain(isPlain: boolean, what: string): asserts isPlain {
  if (!isPlain) throw new NotPlain(what);
}
