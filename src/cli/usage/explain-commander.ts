import type { CommanderError } from 'commander';
import type { Verb } from '../../flags/definition.ts';
import { VERBS } from '../../flags/verbs.ts';
import { didYouMean } from '../../lib/text/nearest.ts';
import { flagSpellings } from '../program.ts';
import { PEER_FLAGS, PEER_VERBS } from './peer-words.ts';

/** Explains, in one or two sentences, why commander refused a command line and what to write instead. */
export function explainCommander({ code, message }: CommanderError, argv: readonly string[]): string {
  const word = /'([^']*)'/.exec(message)?.[1] ?? '';
  if (code === 'commander.unknownCommand') return explainVerb(word, argv);
  if (code === 'commander.unknownOption') return explainFlag(word, argv);
  if (code === 'commander.optionMissingArgument') {
    const [name = word] = word.split(' ').filter((part) => part.startsWith('--'));
    return `${name} needs a value. Write ${word.replace(/^-\w, /, '')}.`;
  }
  if (code === 'commander.missingArgument') return explainMissing(word, argv);
  if (code === 'commander.excessArguments') return explainExcess(argv);
  return message.replace(/^error: /, '');
}

function explainVerb(word: string, argv: readonly string[]): string {
  const group = argv[0] === word ? '' : `${argv[0]} `;
  const verbs = Object.keys(VERBS).flatMap((verb) => verbWord(verb, group));
  const advice = PEER_VERBS.get(word) ?? (looksLikeTarget(word) ? `Write "bowerbird scan ${word}".` : undefined);
  const hint = group === '' ? advice : undefined;
  const unknown = `There is no command "${group}${word}"`;
  if (hint !== undefined) return `${unknown}. ${hint}`;
  const near = didYouMean(word, verbs);
  return near === '' ? `${unknown}. Write one of: ${[...new Set(verbs)].join(', ')}.` : `${unknown}${near}.`;
}

/** Returns the word of a verb at the place of the unknown word. */
function verbWord(verb: string, group: string): string[] {
  if (!verb.startsWith(group)) return [];
  return [verb.slice(group.length).split(' ')[0] ?? ''];
}

function looksLikeTarget(word: string): boolean {
  return /[:/\\.]/.test(word) || word === '-';
}

function explainFlag(word: string, argv: readonly string[]): string {
  const verb = verbOf(argv);
  const where = verb === undefined ? '"bowerbird"' : `"bowerbird ${verb}"`;
  const name = word.split('=')[0] ?? word;
  const flags = verb === undefined ? ['--help', '--version'] : flagSpellings(verb);
  if (name !== word && flags.includes(name)) return `${name} takes no value. Write ${name} alone.`;
  const unknown = `${where} has no flag "${name}"`;
  const near = didYouMean(name, flags.concat('--help'));
  if (verb === undefined) return `${unknown}. Write the command first, for example "bowerbird scan .".`;
  const advice = isScan(verb) ? PEER_FLAGS.get(name) : undefined;
  if (advice !== undefined) return `${unknown}. ${advice}`;
  if (near !== '') return `${unknown}${near}.`;
  return `${unknown}. "bowerbird ${verb} --help" lists them.`;
}

function isScan(verb: Verb): boolean {
  return verb === 'scan' || verb === 'inventory' || verb === 'baseline';
}

function explainMissing(name: string, argv: readonly string[]): string {
  const verb = verbOf(argv);
  const { takes = [] } = verb === undefined ? {} : VERBS[verb];
  const argument = takes.find(({ form }) => form.replace(/[<>[\].]/g, '') === name);
  const form = takes.map((argument) => argument.form).join(' ');
  return `"bowerbird ${verb ?? ''}" needs ${argument?.help ?? name}. Write "bowerbird ${verb ?? ''} ${form}".`;
}

function explainExcess(argv: readonly string[]): string {
  const verb = verbOf(argv);
  const { takes = [] } = verb === undefined ? {} : VERBS[verb];
  const form = takes.map((argument) => ` ${argument.form}`).join('');
  return `There are too many words behind "bowerbird ${verb ?? ''}". Write "bowerbird ${verb ?? ''}${form}"; a text with spaces needs quotes.`;
}

/** The verb that a command line begins with. */
export function verbOf(argv: readonly string[]): Verb | undefined {
  const words = argv.filter((word) => !word.startsWith('-'));
  const verbs = Object.keys(VERBS) as Verb[];
  return verbs.find((verb) => verb === words.slice(0, 2).join(' ')) ?? verbs.find((verb) => verb === words[0]);
}
