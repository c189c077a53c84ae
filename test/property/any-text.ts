import fc from 'fast-check';

const FIRST_SURROGATE = 0xd800;
const SURROGATES = 0x800;
const CODE_POINTS = 0x110000 - SURROGATES;

/** Any character of Unicode, assigned or not: as often ASCII as all others together. */
const character: fc.Arbitrary<string> = fc
  .oneof(fc.nat(0x7f), fc.nat(CODE_POINTS - 1))
  .map((at) => String.fromCodePoint(at < FIRST_SURROGATE ? at : at + SURROGATES));

/**
 * Texts of any characters. In place of `fc.string({ unit: 'binary' })`, whose making lists all 1.1 million characters and
 * takes two seconds.
 */
export function anyText(lengths: { readonly minLength?: number; readonly maxLength?: number } = {}) {
  return fc.string({ unit: character, ...lengths });
}
