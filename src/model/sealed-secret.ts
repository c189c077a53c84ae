import { Secret, type SecretHint } from './secret.ts';

/** What may be said of a value that stayed where it was found. */
export interface SealedFacts {
  /** Keyed fingerprint, as `Secret` makes it. */
  readonly fingerprint: string;
  readonly redacted: string;
  /** Length of the raw value in UTF-16 code units. */
  readonly length: number;
}

/**
 * A secret without its value: what another process found, which kept the value to itself. It can be grouped, joined
 * and reported, and nothing can reveal it. Its fingerprint belongs to the key under which it was sealed.
 */
export class SealedSecret extends Secret {
  readonly #facts: SealedFacts;
  readonly #hints: ReadonlyMap<SecretHint, string>;
  override readonly length: number;

  /** `hints`: those that a list is known to show. */
  constructor(facts: SealedFacts, hints: ReadonlyMap<SecretHint, string> = new Map()) {
    super('');
    this.#facts = facts;
    this.#hints = hints;
    this.length = facts.length;
  }

  override get isSealed(): boolean {
    return true;
  }

  /** @throws Error always: whoever calls it has to ask `isSealed` first */
  override reveal(): string {
    throw new Error('the value of a sealed secret was asked for');
  }

  override get redacted(): string {
    return this.#facts.redacted;
  }

  override fingerprint(_key: string): string {
    return this.#facts.fingerprint;
  }

  /** Empty where no list shows it: nothing is equal to that. */
  override hint(kind: SecretHint): string {
    return this.#hints.get(kind) ?? '';
  }

  override equals(other: Secret): boolean {
    return other.isSealed && other.fingerprint('') === this.#facts.fingerprint;
  }

  override shown(_isRawWanted: boolean): string {
    return this.redacted;
  }
}
