import type { Artifact } from '../model/artifact.ts';
import type { Gap } from '../model/gap.ts';

/** What is left to spend on one outermost artifact; shared by everything decoded from it. */
export interface DecodeBudget {
  /** Bytes that may still be produced. */
  bytes: number;
  /** Entries that may still be opened. */
  entries: number;
  /** Most bytes out per byte in. */
  readonly ratio: number;
}

export type Decoded =
  | {
      readonly kind: 'artifact';
      readonly artifact: Artifact;
      /** From a text decoder: the bytes are no text, but a file that is written in one. It is judged by itself. */
      readonly isFile?: true;
    }
  | { readonly kind: 'gap'; readonly gap: Gap };

/**
 * Artifact in, artifacts out. The input itself is scanned in any case: a decoder adds to it, and replaces nothing. What
 * a container decoder (zip, tar, gzip, UTF-16) gives is judged by itself, what a text decoder (base64, hex, percent)
 * gives is part of the text around it. Never throws on bad input: what cannot be read becomes a gap. Spends `budget`
 * before it allocates.
 */
export interface Decoder {
  readonly id: string;
  readonly title: string;
  readonly form: 'container' | 'text';
  /** First bytes of all that a container decoder accepts; absent: any. It is asked about nothing else. */
  readonly begins?: readonly number[];
  /** Cheap: looks at magic bytes or the path, or says true where only the scan can tell (text encodings). */
  accepts(artifact: Artifact): boolean;
  decode(artifact: Artifact, budget: DecodeBudget): Iterable<Decoded> | AsyncIterable<Decoded>;
}

/** Gives a decoder its type. */
export function defineDecoder(decoder: Decoder): Decoder {
  return decoder;
}
