import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { listInputs, renderInputs } from '../../src/flags/inputs.ts';
import { flagsOf, keyOf, spellingsOf } from '../../src/flags/names.ts';
import { renderQuickFlags } from '../../src/flags/quick-flags.ts';
import { FLAGS } from '../../src/flags/table.ts';
import { readValue } from '../../src/flags/values.ts';
import { VERBS } from '../../src/flags/verbs.ts';
import { ROOT } from '../architecture/source-files.ts';

const verbs = Object.keys(VERBS) as (keyof typeof VERBS)[];

describe('the table of flags', () => {
  it.each(verbs)('spells each flag of "%s" in its own way', (verb) => {
    const spellings = flagsOf(verb).flatMap(spellingsOf);
    expect(new Set(spellings).size).toBe(spellings.length);
    expect(spellings.every((spelling) => /^(?:-[a-z]|--[a-z]+(?:-[a-z]+)*)$/.test(spelling))).toBe(true);
  });

  it('says of each flag what it does, and what stands behind it', () => {
    for (const flag of FLAGS) {
      const { kind, value, help, off } = { value: undefined, help: undefined, off: undefined, ...flag };
      expect(help ?? off, flag.name).toMatch(/\S/);
      expect(value === undefined, flag.name).toBe(kind === 'switch');
    }
  });

  it('gives the shared verbs the same flags', () => {
    expect(flagsOf('inventory')).toEqual(flagsOf('scan'));
    expect(flagsOf('baseline').filter(({ name }) => name !== 'output')).toEqual(flagsOf('scan'));
  });

  it('has what the quick path reads in a generated file', () => {
    const file = join(ROOT, 'src/cli/start/quick-flags.generated.ts');
    expect(readFileSync(file, 'utf8')).toBe(renderQuickFlags());
  });
});

describe("the Action's inputs", () => {
  const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as {
    readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  };

  it('are those of action.yml, in the same words', () => {
    const inYaml = Object.entries(action.inputs).map(([name, { description }]) => [name, description.trim()]);
    expect(inYaml).toEqual(listInputs().map(({ name, help }) => [name, help]));
    expect(readFileSync(join(ROOT, 'action.yml'), 'utf8')).toContain(renderInputs());
  });

  it('have the defaults of action.yml, as texts', () => {
    for (const input of listInputs()) {
      const expected = input.default ?? input.fromRunner ?? (input.kind === 'switch' ? 'false' : '');
      expect(action.inputs[input.name]?.default, input.name).toBe(expected);
    }
  });

  it('have names of their own', () => {
    const keys = listInputs().map(({ name }) => keyOf(name));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('a value', () => {
  it.each([
    ['500MB', 500 * 2 ** 20],
    ['1.5gb', 1.5 * 2 ** 30],
    ['4096', 4096],
    ['10 k', 10_240],
  ])('is a size: %s', (text, bytes) => {
    expect(readValue({ kind: 'size' }, '--max-file-size', text)).toBe(bytes);
  });

  it.each([
    [{ kind: 'size' }, 'big', '--x is "big". Write a size, for example 500MB.'],
    [{ kind: 'count' }, '-1', '--x is "-1". Write a whole number, for example 3.'],
    [{ kind: 'count', least: 1, most: 64 }, '65', '--x is "65". Write a whole number from 1 to 64.'],
    [{ kind: 'text' }, '', '--x is empty. Write a value behind it, or leave --x out.'],
    [
      { kind: 'choice', choices: ['low', 'high'] },
      'hihg',
      '--x is "hihg" (did you mean "high"?). Write one of: low, high.',
    ],
  ] as const)('is refused with what to write instead: %j %s', (definition, text, message) => {
    expect(() => readValue(definition, '--x', text)).toThrow(message);
  });
});
