import type { FlagDefinition, FlagKind } from './definition.ts';
import { OWN_INPUTS } from './own-inputs.ts';
import { FLAGS } from './table.ts';

/** One input of the Action, its own or a flag's. */
export interface ActionInput {
  readonly name: string;
  readonly kind: FlagKind;
  readonly help: string;
  readonly choices?: readonly string[];
  readonly default?: string;
  /** A default that the runner fills in. */
  readonly fromRunner?: string;
}

/** Every input of the Action: its own, then those that stand for a flag. */
export function listInputs(): readonly ActionInput[] {
  const flags: readonly FlagDefinition[] = FLAGS;
  return [...OWN_INPUTS, ...flags.flatMap(inputOf)];
}

function inputOf({ input, kind, choices }: FlagDefinition): readonly ActionInput[] {
  if (input === undefined) return [];
  const { name, help, alsoChoices = [] } = input;
  return [{ name, kind, help, ...(choices === undefined ? {} : { choices: [...choices, ...alsoChoices] }) }];
}

const LINE = 116;

/** The `inputs:` of action.yml. `npm run generate` writes them there. */
export function renderInputs(): string {
  return `inputs:\n${listInputs().map(renderInput).join('')}`;
}

function renderInput(input: ActionInput): string {
  const folded = wrap(input.help, LINE).map((line) => `      ${line}\n`);
  const value = input.default ?? input.fromRunner ?? (input.kind === 'switch' ? 'false' : '');
  const fallback = input.fromRunner ?? `'${value}'`;
  return `  ${input.name}:\n    description: >-\n${folded.join('')}    default: ${fallback}\n`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
