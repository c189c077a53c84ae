import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isYamlProblem, readYaml, readYamlDocuments, readYamlTree, YAML_LIMITS } from '../../../src/lib/yaml/read.ts';
import { itRarely } from '../../it-rarely.ts';

const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** A text whose second line holds the first: each is half as deep as the value. */
const doubled = (levels: number): string =>
  `a: &a ${nested(levels)}\nb: ${'['.repeat(levels)}*a${']'.repeat(levels)}\n`;

async function placeIn(text: string, path: readonly (string | number)[], what?: 'key' | 'value'): Promise<string> {
  const read = await readYaml(text);
  if (isYamlProblem(read)) return read.message;
  const { start, end } = read.place(path, what);
  return `${start.line}:${start.column}-${end.line}:${end.column}`;
}

describe('places', () => {
  const text = 'a:\n  b: [x, yy]\n  "c": 1\nd:\n';

  it.each([
    [['a', 'b', 1], 'value', '2:10-2:12'],
    [['a', 'b'], 'key', '2:3-2:4'],
    [['a', 'c'], 'key', '3:3-3:6'],
    [['a', 'b', 1], 'key', '2:10-2:12'],
    [['a', 'b', 7], 'value', '2:6-2:13'],
    [['a', 'missing', 'too'], 'value', '2:3-4:1'],
    [['a', 'missing', 'too'], 'key', '1:1-1:2'],
  ] as const)('%j, %s', async (path, what, place) => {
    expect(await placeIn(text, path, what)).toBe(place);
  });

  it('are the start of a text that holds nothing', async () => {
    expect(await placeIn('', ['a'])).toBe('1:1-1:1');
  });

  it('count lines from the start of the text in every document', async () => {
    const { documents } = await readYamlDocuments('a: 1\n---\nb: [\n---\nc: 3\n');
    expect(documents.map((document) => document.place(['c']).start.line)).toEqual([1, 5]);
  });
});

describe('limits', () => {
  it('bound the depth of a text', async () => {
    expect(isYamlProblem(await readYaml(nested(YAML_LIMITS.depth)))).toBe(false);
    // The parser goes one level down for each key, also where it calls them an error in the end.
    expect(await readYamlTree(`b: ${'At: '.repeat(4000)}`)).toMatchObject({ message: /nested deeper/ });
    for (const read of [readYaml, readYamlTree]) {
      expect(await read(nested(YAML_LIMITS.depth + 1))).toMatchObject({ message: /nested deeper than 100 levels/ });
    }
    const { documents, problems } = await readYamlDocuments(nested(YAML_LIMITS.depth + 1));
    expect([documents.length, problems.length]).toEqual([0, 1]);
  });

  it('bound the depth that aliases make, and a value that holds itself', async () => {
    expect(isYamlProblem(await readYaml(doubled(45)))).toBe(false);
    expect(await readYaml(doubled(60))).toMatchObject({ message: /nested deeper/ });
    expect(isYamlProblem(await readYaml('&a [*a]'))).toBe(true);
  });

  it('bound how often aliases repeat a value, at once', async () => {
    const levels = Array.from({ length: 9 }, (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at},`.repeat(9)}]`);
    const bomb = ['l0: &l0 [x]', ...levels].join('\n');
    expect(await readYaml(bomb)).toMatchObject({ message: /too many aliases/ });
    expect((await readYamlDocuments(bomb)).problems).toMatchObject([{ reason: 'malformed', message: /too many/ }]);
  });

  itRarely('bound the documents of a text, broken ones among them or not', async () => {
    const many = '---\na\n'.repeat(YAML_LIMITS.documents + 1);
    for (const text of [many, `${many}---\nb: [\n`]) {
      const { documents, problems } = await readYamlDocuments(text);
      expect(documents).toHaveLength(YAML_LIMITS.documents);
      expect(problems).toMatchObject([{ reason: 'limit' }]);
    }
  });
});

describe('problems', () => {
  it('have a place and quote nothing of the text', async () => {
    expect(await readYaml('a: 1\nb: *hidden\n')).toMatchObject({ message: /^an alias \(\*name\)/ });
    expect(await readYaml('a: 1\nb: "hidden\n')).toMatchObject({ reason: 'malformed', message: /^(?!.*hidden)/ });
    expect(await readYaml('a: 1\na: 2\n')).toMatchObject({ line: 2, column: 1 });
  });

  it('leave the other documents of a text, where the last of two like keys counts', async () => {
    const { documents, problems } = await readYamlDocuments('a: 1\na: 2\n---\nb: [\n---\nc: 3\n');
    expect(documents.map(({ value }) => value)).toEqual([{ a: 2 }, { c: 3 }]);
    expect(problems).toMatchObject([{ reason: 'malformed' }]);
  });
});

it('reads JSON as JSON.parse does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (value) => {
      const text = JSON.stringify(value);
      const read = await readYaml(text);
      expect(isYamlProblem(read) ? read.message : read.value).toEqual(JSON.parse(text));
    }),
    { numRuns: 60 },
  );
});
