import type { Command } from 'commander';
import { EXIT } from '../../engine/judge/summary.ts';
import { hookStatus, installHook, uninstallHook } from '../../hook/install.ts';
import { HOOK_STAGES, type HookStage } from '../../hook/script.ts';
import { UsageError } from '../../model/errors.ts';
import type { CliIo, Finish } from '../io.ts';
import { parseCount } from '../program.ts';
import { DEFAULT_SECONDS, runStage } from './hook-run.ts';

/** `bowerbird hook install|uninstall|status|run`. */
export function addHook(program: Command, io: CliIo, finish: Finish): void {
  const hook = program.command('hook').description('git hooks that stop a secret before it is committed or pushed');
  hook
    .command('install')
    .description('install the pre-commit hook; a hook that is there is kept and runs first')
    .option('--pre-push', 'install the pre-push hook instead')
    .option('--force', 'also where a hook manager or a shared hooks folder speaks against it')
    .action(async (flags: { prePush?: boolean; force?: boolean }) => {
      const change = await installHook({ ...place(io), stage: stageOf(flags), force: flags.force === true });
      io.stdout(`${change.message}\n`);
      finish(EXIT.clean);
    });
  hook
    .command('uninstall')
    .description('take the hook away, and give a hook that was there before its name back')
    .option('--pre-push', 'the pre-push hook')
    .action(async (flags: { prePush?: boolean }) => {
      io.stdout(`${(await uninstallHook({ ...place(io), stage: stageOf(flags) })).message}\n`);
      finish(EXIT.clean);
    });
  hook
    .command('status')
    .description('whether hooks are installed and git really runs them')
    .action(async () => {
      for (const status of await hookStatus(place(io)))
        io.stdout(`${status.stage}: ${status.state}. ${status.message}\n`);
      finish(EXIT.clean);
    });
  hook
    .command('run')
    .description('what the hook script calls: scan what a commit or push would add, offline')
    .argument('<stage>', HOOK_STAGES.join(' or '))
    .argument('[args...]', 'what git gives the hook')
    .option('--time-limit <seconds>', 'stop the scan after this time; 0 for never', parseCount, DEFAULT_SECONDS)
    .action(async (stage: string, args: string[], flags: { timeLimit: number }) => {
      finish(await runStage(parseStage(stage), args, flags.timeLimit * 1000, io));
    });
}

function place(io: CliIo): Pick<CliIo, 'cwd' | 'env'> {
  return { cwd: io.cwd, env: io.env };
}

function stageOf(flags: { readonly prePush?: boolean }): HookStage {
  return flags.prePush === true ? 'pre-push' : 'pre-commit';
}

function parseStage(text: string): HookStage {
  const stage = HOOK_STAGES.find((one) => one === text);
  if (stage !== undefined) return stage;
  throw new UsageError(`There is no hook "${text}". Known: ${HOOK_STAGES.join(', ')}.`);
}
