import { type Command, CommanderError } from 'commander';
import { EXIT } from '../engine/judge/summary.ts';
import type { FlagsOf } from '../flags/types.ts';
import { addBaseline } from './commands/baseline.ts';
import { addCompletion } from './commands/completion.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExplain } from './commands/explain.ts';
import { addHook } from './commands/hook.ts';
import { addIgnore } from './commands/ignore.ts';
import { addRules } from './commands/rules.ts';
import { runScan } from './commands/scan.ts';
import { explainError } from './explain-error.ts';
import type { CliIo, Finish } from './io.ts';
import { createProgram, declareVerb } from './program.ts';
import { explainCommander } from './usage/explain-commander.ts';
import { ABOUT, SCAN_HELP } from './usage/help-texts.ts';

/**
 * Runs one command line (without node and script) and returns the exit code. Never throws: what the user can fix is one
 * message, anything else is a bug with its stack.
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  let code: number = EXIT.clean;
  const program = declareProgram(io, (value) => {
    code = value;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return error instanceof CommanderError ? endCommander(error, argv, io) : explainError(error, io);
  }
}

function declareProgram(io: CliIo, finish: Finish): Command {
  const program = createProgram('bowerbird', io).description(ABOUT).version(io.version, '-V, --version');
  for (const [verb, view] of [
    ['scan', 'human'],
    ['inventory', 'inventory'],
  ] as const) {
    declareVerb(program, verb, io)
      .addHelpText('after', SCAN_HELP)
      .action(async (targets: string[], flags: FlagsOf<'scan'>) => finish(await runScan(targets, flags, view, io)));
  }
  const verbs = [addRules, addExplain, addDoctor, addIgnore, addBaseline, addHook, addCompletion];
  for (const add of verbs) add(program, io, finish);
  return program;
}

/**
 * Help and version are success; a command line without a verb has printed help, and is wrong usage as everything else.
 */
function endCommander(error: CommanderError, argv: readonly string[], io: CliIo): number {
  if (error.exitCode === 0) return EXIT.clean;
  if (error.code !== 'commander.help') io.stderr(`bowerbird: ${explainCommander(error, argv)}\n`);
  return EXIT.usage;
}
