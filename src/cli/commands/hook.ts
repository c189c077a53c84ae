import { join } from 'node:path';
import type { Command } from 'commander';
import { EXIT } from '../../engine/judge/summary.ts';
import type { FlagsOf } from '../../flags/types.ts';
import { readValue } from '../../flags/values.ts';
import { HOOK_STAGES } from '../../flags/verbs.ts';
import { type HookStatus, hookStatus, installHook, uninstallHook } from '../../hook/install.ts';
import type { HookStage } from '../../hook/script.ts';
import type { CliIo, Finish } from '../io.ts';
import { declareGroup, declareVerb } from '../program.ts';
import { runStage } from './hook-run.ts';

/** States in which a hook of ours is there and git does not run it. */
const NOT_RUN: ReadonlySet<HookStatus['state']> = new Set<HookStatus['state']>(['shadowed', 'not-executable']);

/** `bowerbird hook install|uninstall|status|run`. */
export function addHook(program: Command, io: CliIo, finish: Finish): void {
  const hook = declareGroup(program, 'hook', io);
  declareVerb(hook, 'hook install', io).action(async (flags: FlagsOf<'hook install'>) => {
    const change = await installHook({
      ...place(io),
      stage: stageOf(flags),
      force: flags.force === true,
      ...(io.execPath === undefined ? {} : { program: { node: io.execPath, cli: join(io.home, 'cli.cjs') } }),
    });
    io.stdout(`${change.message}\n`);
    finish(EXIT.clean);
  });
  declareVerb(hook, 'hook uninstall', io).action(async (flags: FlagsOf<'hook uninstall'>) => {
    io.stdout(`${(await uninstallHook({ ...place(io), stage: stageOf(flags) })).message}\n`);
    finish(EXIT.clean);
  });
  declareVerb(hook, 'hook status', io).action(async () => {
    const statuses = await hookStatus(place(io));
    for (const { stage, state, message } of statuses) io.stdout(`${stage}: ${state}. ${message}\n`);
    finish(statuses.some(({ state }) => NOT_RUN.has(state)) ? EXIT.incomplete : EXIT.clean);
  });
  declareVerb(hook, 'hook run', io).action(
    async (stage: string, args: string[], { timeLimit = 0 }: FlagsOf<'hook run'>) => {
      finish(await runStage(parseStage(stage), args, timeLimit * 1000, io));
    },
  );
}

function place(io: CliIo): Pick<CliIo, 'cwd' | 'env'> {
  return { cwd: io.cwd, env: io.env };
}

function stageOf(flags: { readonly prePush?: boolean }): HookStage {
  return flags.prePush === true ? 'pre-push' : 'pre-commit';
}

function parseStage(text: string): HookStage {
  return readValue({ kind: 'choice', choices: HOOK_STAGES }, 'The hook', text) as HookStage;
}
