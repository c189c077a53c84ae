import type { Command } from 'commander';
import { collectorNames, formatNames, ruleNames, targetSchemes } from '../../engine/ask/known-words.ts';
import { EXIT } from '../../engine/judge/summary.ts';
import { readValue } from '../../flags/values.ts';
import { SHELLS } from '../../flags/verbs.ts';
import { complete } from '../completion/complete.ts';
import { completionScript, PATHS_MARK, type Shell, WORD_END } from '../completion/scripts.ts';
import type { CliIo, Finish } from '../io.ts';
import { declareVerb } from '../program.ts';

/**
 * `bowerbird completion <shell>` prints the script. The script calls it again at each key, and then it prints the words
 * that could come next, one a line.
 */
export function addCompletion(program: Command, io: CliIo, finish: Finish): void {
  declareVerb(program, 'completion', io).action(async (name: string, words: readonly string[]) => {
    const shell = readValue({ kind: 'choice', choices: SHELLS }, 'The shell', name) as Shell;
    io.stdout(words.length === 0 ? completionScript(shell) : await answer(typedWords(shell, words), io));
    finish(EXIT.clean);
  });
}

/** Returns the words as they were typed. The last one may be empty. */
function typedWords(shell: Shell, words: readonly string[]): readonly string[] {
  const last = words.at(-1) ?? '';
  return shell === 'powershell' && last.endsWith(WORD_END) ? [...words.slice(0, -1), last.slice(0, -1)] : words;
}

async function answer(words: readonly string[], io: CliIo): Promise<string> {
  const vocabulary = {
    formats: formatNames(),
    schemes: targetSchemes(),
    collectors: collectorNames(),
    rules: () => ruleNames(io.home),
  };
  const { words: answers, paths } = await complete(words, vocabulary);
  const lines = paths === 'none' ? answers : [`${PATHS_MARK}${paths}`, ...answers];
  return lines.map((line) => `${line}\n`).join('');
}
