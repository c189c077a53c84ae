import type { FlagKind } from '../flags/definition.ts';
import { type ActionInput, listInputs } from '../flags/inputs.ts';
import { keyOf } from '../flags/names.ts';
import type { InputValues } from '../flags/types.ts';
import { readValue } from '../flags/values.ts';
import { UsageError } from '../model/errors.ts';

/** Variables of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The inputs of action.yml, read and checked. */
export type ActionInputs = InputValues;

/** Reads `INPUT_*`. Throws `UsageError` that names the input and what it may be. */
export function readInputs(env: Environment): ActionInputs {
  const values: Record<string, unknown> = {};
  for (const input of listInputs()) {
    const value = readInput(input, readText(env, input.name) ?? input.default);
    if (value !== undefined) values[keyOf(input.name)] = value;
  }
  return values as unknown as ActionInputs;
}

/** The runner writes an input as `INPUT_<NAME>` in upper case, with hyphens kept. Empty is the same as absent. */
function readText(env: Environment, name: string): string | undefined {
  const value = env[`INPUT_${name.toUpperCase()}`]?.trim();
  return value === '' ? undefined : value;
}

type Read = (input: ActionInput, text: string | undefined) => unknown;

const READERS: Readonly<Partial<Record<FlagKind, Read>>> = {
  switch: ({ name }, text) => text !== undefined && readSwitch(name, text),
  list: (_, text) => readLines(text),
};

function readInput(input: ActionInput, text: string | undefined): unknown {
  const read = READERS[input.kind];
  if (read !== undefined) return read(input, text);
  return text === undefined ? undefined : readValue(input, `Input "${input.name}"`, text);
}

function readSwitch(name: string, text: string): boolean {
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  throw new UsageError(`Input "${name}" is "${text}". Write true or false.`);
}

function readLines(text: string | undefined): string[] {
  return (text ?? '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
