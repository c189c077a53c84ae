import { describe, expect, it } from 'vitest';
import { listOf, object, type Schema, wordsOf } from '../../src/reporters/shared/schema-parts.ts';

interface Sample {
  readonly name: string;
  readonly words?: readonly ('a' | 'b')[];
}

const TEXT: Schema<string> = { type: 'string' };
const COUNT: Schema<number> = { type: 'integer' };
const WORD = wordsOf<'a' | 'b'>({ a: true, b: true });

describe('object', () => {
  it('makes a strict schema of the members of a type', () => {
    expect(object<Sample>({ name: TEXT, 'words?': listOf(WORD) })).toEqual({
      type: 'object',
      properties: { name: { type: 'string' }, words: { type: 'array', items: { enum: ['a', 'b'] } } },
      required: ['name'],
      additionalProperties: false,
    });
  });

  /** `npm run check` compiles this file: an error that the compiler no longer finds is an error itself. */
  it('is refused by the compiler where it drifts from its type', () => {
    // @ts-expect-error a member is missing
    object<Sample>({ name: TEXT });
    // @ts-expect-error an optional member is listed as required
    object<Sample>({ name: TEXT, words: listOf(WORD) });
    // @ts-expect-error a member that the type lacks
    object<Sample>({ name: TEXT, 'words?': listOf(WORD), more: TEXT });
    // @ts-expect-error a member of another type
    object<Sample>({ name: COUNT, 'words?': listOf(WORD) });
    // @ts-expect-error words for any text
    object<Sample>({ name: WORD, 'words?': listOf(WORD) });
    // @ts-expect-error no list
    object<Sample>({ name: TEXT, 'words?': WORD });
    // @ts-expect-error a word of the union is missing
    expect(wordsOf<'a' | 'b'>({ a: true })).toEqual({ enum: ['a'] });
  });
});
