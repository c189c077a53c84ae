import { describe, expect, it } from 'vitest';
import { readSources } from './source-files.ts';

/** Words that say nothing about what they name. The build is left out: it names nothing that a user meets. */
const EMPTY_WORDS = ['one', 'found', 'it', 'that', 'thing', 'things', 'stuff'];
const WORDS = EMPTY_WORDS.join('|');
/** A variable, a parameter of a function that is written in place, a parameter or field with a type, a private field. */
const DECLARED = new RegExp(
  `\\b(?:const|let) \\[?(${WORDS})\\b|\\(?\\b(${WORDS})\\)? =>|[(,] ?(${WORDS})\\??: [A-Z(]|^ {2}(?:readonly )?#(${WORDS})\\b`,
);

describe('names', () => {
  it('say what a thing is', () => {
    const sources = readSources('src').filter(({ path }) => !path.startsWith('src/build/'));
    const empty = sources.flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => {
        const name = /^\s*(?:\/\/|\/?\*)/.test(line) ? undefined : DECLARED.exec(line)?.slice(1).find(Boolean);
        return name === undefined ? [] : [`${path}:${index + 1}: ${name}`];
      }),
    );
    expect(empty, 'name what each of these is: a finding, a place, knownIds').toEqual([]);
  });
});
