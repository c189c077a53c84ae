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
import { runScan, type ScanView } from './commands/scan.ts';
import { explainError } from './explain-error.ts';
import type { CliIo, Finish } from './io.ts';
import { createProgram, declareVerb } from './program.ts';
import { explainCommander } from './usage/explain-commander.ts';
import { ABOUT, SCAN_HELP } from './usage/help-texts.ts';

/**
 * Runs one command line (without node and script) and returns the exit code. Never throws. What the user can fix is one
 * message; anything else is a bug with its stack.
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  let code: number = EXIT.clean;
  const program = declareProgram(argv, io, (value) => {
    code = value;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return error instanceof CommanderError ? endCommander(error, argv, io) : explainError(error, io);
  }
}

type AddVerb = (program: Command, io: CliIo, finish: Finish) => void;

/** Verbs by their first word, in the order of the help. */
const VERBS: ReadonlyMap<string, AddVerb> = new Map([
  ['scan', addScan('scan', 'human')],
  ['inventory', addScan('inventory', 'inventory')],
  ['rules', addRules],
  ['explain', addExplain],
  ['doctor', addDoctor],
  ['ignore', addIgnore],
  ['baseline', addBaseline],
  ['hook', addHook],
  ['completion', addCompletion],
]);

/**
 * Declares only the requested verb, because declaring all takes some milliseconds. Help and typing errors need all of
 * them.
 */
function declareProgram([first = '']: readonly string[], io: CliIo, finish: Finish): Command {
  const program = createProgram('bowerbird', io).description(ABOUT).version(io.version, '-V, --version');
  const asked = VERBS.get(first);
  for (const add of asked === undefined ? VERBS.values() : [asked]) add(program, io, finish);
  return program;
}

function addScan(verb: 'scan' | 'inventory', view: ScanView): AddVerb {
  return (program, io, finish) => {
    declareVerb(program, verb, io)
      .addHelpText('after', SCAN_HELP)
      .action(async (targets: string[], flags: FlagsOf<'scan'>) => finish(await runScan(targets, flags, view, io)));
  };
}

/** Help and version are success. A command line without a verb has printed help, and is wrong usage. */
function endCommander(error: CommanderError, argv: readonly string[], io: CliIo): number {
  if (error.exitCode === 0) return EXIT.clean;
  if (error.code !== 'commander.help') io.stderr(`bowerbird: ${explainCommander(error, argv)}\n`);
  return EXIT.usage;
}
