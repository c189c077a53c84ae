import { Command, Option } from 'commander';
import type { FlagDefinition, Verb } from '../flags/definition.ts';
import { flagsOf, spellingsOf } from '../flags/names.ts';
import { readValue } from '../flags/values.ts';
import { VERB_GROUPS, VERBS } from '../flags/verbs.ts';
import { UsageError } from '../model/errors.ts';
import type { CliIo } from './io.ts';

const MOST_COLUMNS = 110;

/**
 * Declares a command of the table: its description, arguments and flags. `parent`: the program, or the group of the
 * command.
 */
export function declareVerb(parent: Command, verb: Verb, io: CliIo): Command {
  const name = verb.slice(verb.indexOf(' ') + 1);
  const { help, takes = [] } = VERBS[verb];
  const command = setUp(parent.command(name), io).description(help);
  for (const { form, help: about } of takes) command.argument(form, about);
  for (const flag of flagsOf(verb)) declareFlag(command, flag);
  return command;
}

/** Declares a group of commands, such as `rules`. */
export function declareGroup(parent: Command, name: string, io: CliIo): Command {
  return setUp(parent.command(name), io).description(VERB_GROUPS.get(name) ?? '');
}

/** Creates the program. Its messages go through `io`, and it throws instead of ending the process. */
export function createProgram(name: string, io: CliIo): Command {
  return setUp(new Command(name), io);
}

/** Commander's own messages are not printed. `explainCommander` writes them in our words. */
function setUp(command: Command, io: CliIo): Command {
  const width = (): number => Math.min(io.width, MOST_COLUMNS);
  return command
    .exitOverride()
    .configureHelp({ helpWidth: width() })
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr, getOutHelpWidth: width, outputError: () => {} });
}

function declareFlag(command: Command, flag: FlagDefinition): void {
  const { name, short, value, help, off, group, hidden } = flag;
  const add = (flags: string, text: string): Option => {
    const option = new Option(flags, text).hideHelp(hidden === true);
    if (group !== undefined) option.helpGroup(group);
    command.addOption(option);
    return option;
  };
  if (off !== undefined && value !== undefined) refuseBoth(command, flag);
  if (help !== undefined) {
    const spelling = `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
    const option = add(spelling, describe(help, flag));
    if (flag.kind !== 'switch') option.argParser(valueReader(command, flag));
    if (flag.default !== undefined) command.setOptionValueWithSource(option.attributeName(), flag.default, 'default');
  }
  if (off !== undefined) add(`--no-${name}`, off);
}

/**
 * Refuses a flag together with its opposite, because one of them would do nothing. Must be called before commander adds
 * its own listeners.
 */
function refuseBoth(command: Command, { name }: FlagDefinition): void {
  const check = (opposite: boolean) => (): void => {
    const before: unknown = command.getOptionValue(name);
    if (before === undefined || (before === false) === opposite) return;
    throw new UsageError(`--${name} and --no-${name} exclude each other. Write one of them.`);
  };
  command.on(`option:${name}`, check(false));
  command.on(`option:no-${name}`, check(true));
}

function describe(help: string, { choices, default: fallback }: FlagDefinition): string {
  const facts = [
    ...(choices === undefined ? [] : [`one of: ${choices.join(', ')}`]),
    ...(fallback === undefined ? [] : [`default: ${fallback}`]),
  ];
  return facts.length === 0 ? help : `${help} (${facts.join('; ')})`;
}

type ReadValue = (text: string, before: unknown) => unknown;

function valueReader(command: Command, flag: FlagDefinition): ReadValue {
  const name = `--${flag.name}`;
  return (text, before) => {
    if (isFlag(command, text)) {
      throw new UsageError(`${name} needs a value, and "${text}" is a flag. Write ${name} ${flag.value ?? '<value>'}.`);
    }
    const value = readValue(flag, name, text);
    if (flag.kind !== 'list' && flag.kind !== 'many') return value;
    return [...(Array.isArray(before) ? before : []), value];
  };
}

function isFlag(command: Command, text: string): boolean {
  return text.startsWith('-') && command.options.some(({ short, long }) => text === short || text === long);
}

/** Returns the spellings of all flags of a command, for "did you mean". */
export function flagSpellings(verb: Verb): readonly string[] {
  return flagsOf(verb).flatMap(spellingsOf);
}
