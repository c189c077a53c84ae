import type { Decoder } from '../contract.ts';

/** Decoders as the engine asks them. */
export interface ArrangedDecoders {
  /** Containers that may accept bytes, by the first of them; at 256 those that may accept no bytes at all. */
  readonly containers: readonly (readonly Decoder[])[];
  readonly texts: readonly Decoder[];
}

/** The place in `containers` of what has no first byte. */
export const EMPTY = 256;

/** Sorts decoders out, so that not every format is asked about every text: there are twenty, and millions of texts. */
export function arrangeDecoders(decoders: readonly Decoder[]): ArrangedDecoders {
  const containers = decoders.filter(({ form }) => form === 'container');
  const always = containers.filter(({ begins }) => begins === undefined);
  const named = new Set(containers.flatMap(({ begins }) => begins ?? []));
  const listFor = (first: number): readonly Decoder[] =>
    named.has(first) ? containers.filter(({ begins }) => begins?.includes(first) ?? true) : always;
  return {
    containers: Array.from({ length: EMPTY + 1 }, (_, first) => listFor(first)),
    texts: decoders.filter(({ form }) => form === 'text'),
  };
}
