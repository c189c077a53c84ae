import type { Command } from 'commander';
import { EXIT } from '../engine/judge/summary.ts';
import { addBaseline } from './commands/baseline.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExplain } from './commands/explain.ts';
import { addHook } from './commands/hook.ts';
import { addIgnore } from './commands/ignore.ts';
import { addRules } from './commands/rules.ts';
import { runScan } from './commands/scan.ts';
import { explainError } from './explain-error.ts';
import type { ScanFlags } from './flags.ts';
import type { CliIo, Finish } from './io.ts';
import { addScanOptions, commanderExit, createCommand } from './program.ts';

const ABOUT = `Finds the keys that machines carry and the identities behind them.

Nothing leaves this machine, unless you name an API target or ask for --verify.`;

/**
 * Runs one command line (without node and script) and gives the exit code. Never throws: what the user can fix is one
 * message, anything else is a bug with its stack.
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  let code: number = EXIT.clean;
  const program = createProgram(io, (value) => {
    code = value;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return commanderExit(error) ?? explainError(error, io);
  }
}

function createProgram(io: CliIo, finish: Finish): Command {
  const program = createCommand('bowerbird', io).description(ABOUT).version(io.version, '-V, --version');
  const scan = addScanOptions(program.command('scan').description('find secrets and the identities behind them'));
  scan.action(async (targets: string[], flags: ScanFlags) => finish(await runScan(targets, flags, 'human', io)));
  const inventory = addScanOptions(program.command('inventory').description('the same scan, identities first'));
  inventory.action(async (targets: string[], flags: ScanFlags) => {
    finish(await runScan(targets, flags, 'inventory', io));
  });
  for (const add of [addRules, addExplain, addDoctor, addIgnore, addBaseline, addHook]) add(program, io, finish);
  return program;
}
