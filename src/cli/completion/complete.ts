import type { FlagDefinition, Suggestion, Verb } from '../../flags/definition.ts';
import { flagsOf, spellingsOf } from '../../flags/names.ts';
import { VERB_GROUPS, VERBS } from '../../flags/verbs.ts';

/** What could come next on a command line. */
export interface Completion {
  /** Whole words. */
  readonly words: readonly string[];
  /** Whether paths fit, too. The shell completes them. */
  readonly paths: 'none' | 'files' | 'folders';
}

/** The words that are not in the table of flags. */
export interface Vocabulary {
  readonly formats: readonly string[];
  readonly schemes: readonly string[];
  readonly collectors: readonly string[];
  /** Loads rules and packs. Called only where a rule or a pack can come next. */
  rules(): Promise<{ readonly rules: readonly string[]; readonly packs: readonly string[] }>;
}

const NOTHING: Completion = { words: [], paths: 'none' };

/** Completes the last of the words behind `bowerbird`. That word may be empty. */
export async function complete(words: readonly string[], vocabulary: Vocabulary): Promise<Completion> {
  const last = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const verb = findVerb(before);
  const all = verb === undefined ? completeVerb(before) : await completeIn(verb, before, last, vocabulary);
  return { ...all, words: all.words.filter((word) => word.startsWith(last)) };
}

/** The verb, and how many words it takes up. */
interface FoundVerb {
  readonly verb: Verb;
  readonly length: number;
}

function findVerb(before: readonly string[]): FoundVerb | undefined {
  for (const length of [2, 1]) {
    const text = before.slice(0, length).join(' ');
    if (before.length >= length && Object.hasOwn(VERBS, text)) return { verb: text as Verb, length };
  }
  return undefined;
}

function completeVerb(before: readonly string[]): Completion {
  const start = before.length === 0 ? '' : `${before.join(' ')} `;
  if (before.length > 1 || (before.length === 1 && !VERB_GROUPS.has(before[0] ?? ''))) return NOTHING;
  const verbs = Object.keys(VERBS).filter((verb) => verb.startsWith(start));
  const words = new Set(verbs.map((verb) => verb.slice(start.length).split(' ')[0] ?? ''));
  return { words: [...words, ...(start === '' ? ['--help', '--version'] : ['--help'])], paths: 'none' };
}

async function completeIn(
  { verb, length }: FoundVerb,
  before: readonly string[],
  last: string,
  vocabulary: Vocabulary,
): Promise<Completion> {
  const flags = flagsOf(verb).filter(({ hidden }) => hidden !== true);
  const open = flags.find((flag) => takesValue(flag) && spellingsOf(flag).includes(before.at(-1) ?? ''));
  if (open !== undefined) return valuesOf(open, vocabulary);
  const joined = flags.find((flag) => takesValue(flag) && last.startsWith(`--${flag.name}=`));
  if (joined !== undefined) return prefix(`--${joined.name}=`, await valuesOf(joined, vocabulary));
  if (last.startsWith('-')) return { words: [...flags.flatMap(spellingsOf), '--help'], paths: 'none' };
  return argumentsOf(verb, countArguments(before.slice(length), flags), vocabulary);
}

function takesValue({ kind }: FlagDefinition): boolean {
  return kind !== 'switch';
}

/** Counts the words that are neither flags nor values of flags. */
function countArguments(words: readonly string[], flags: readonly FlagDefinition[]): number {
  const opens = new Set(flags.filter(takesValue).flatMap(spellingsOf));
  return words.filter((word, at) => !word.startsWith('-') && !opens.has(words[at - 1] ?? '')).length;
}

async function argumentsOf(verb: Verb, count: number, vocabulary: Vocabulary): Promise<Completion> {
  const { takes = [] } = VERBS[verb];
  const last = takes.at(-1);
  const argument = takes[count] ?? (last?.form.includes('...') === true ? last : undefined);
  return argument === undefined ? NOTHING : valuesOf(argument, vocabulary);
}

function prefix(start: string, { words, paths }: Completion): Completion {
  return { words: words.map((word) => start + word), paths };
}

type Wanted = Pick<FlagDefinition, 'choices' | 'suggests'>;

async function valuesOf({ choices, suggests }: Wanted, vocabulary: Vocabulary): Promise<Completion> {
  if (choices !== undefined) return { words: choices, paths: 'none' };
  return suggests === undefined ? NOTHING : SUGGESTIONS[suggests](vocabulary);
}

const SUGGESTIONS: Readonly<Record<Suggestion, (vocabulary: Vocabulary) => Completion | Promise<Completion>>> = {
  file: () => ({ words: [], paths: 'files' }),
  folder: () => ({ words: [], paths: 'folders' }),
  report: ({ formats }) => ({ words: formats.flatMap((format) => [format, `${format}=`]), paths: 'none' }),
  target: ({ schemes }) => ({ words: schemes.map((scheme) => `${scheme}:`), paths: 'files' }),
  collector: ({ collectors, schemes }) => ({
    words: [...collectors, ...schemes.map((scheme) => `${scheme}:`)],
    paths: 'none',
  }),
  rule: async ({ rules }) => ({ words: (await rules()).rules, paths: 'none' }),
  pack: async ({ rules }) => ({ words: (await rules()).packs, paths: 'none' }),
};
