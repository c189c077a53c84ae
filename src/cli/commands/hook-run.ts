import { loadReporter, renderWith } from '../../engine/ask/render.ts';
import { resolveRoot } from '../../engine/plan/root.ts';
import { scan } from '../../engine/scan.ts';
import { openGit } from '../../git/process/open.ts';
import { runHook } from '../../hook/run.ts';
import type { HookStage } from '../../hook/script.ts';
import { defined } from '../../lib/fields/defined.ts';
import type { Report } from '../../model/report.ts';
import { type CliIo, wantsColor } from '../io.ts';

/**
 * Runs `bowerbird hook run <stage>` without the parser, because a commit waits for it. Its context has no network, so
 * no flag can make a hook go online. `timeLimit` in ms.
 */
export function runStage(stage: HookStage, args: readonly string[], timeLimit: number, io: CliIo): Promise<number> {
  const { now, cwd, env, home, version, sleep, onProgress, stdout, stderr } = io;
  return runHook(
    { stage, args, timeLimit, options: { pack: 'hook' } },
    {
      env,
      readStdin: () => readText(io.stdin),
      stdout,
      stderr,
      git: () => openGit({ directory: cwd, env, location: true }),
      scan: (options, signal) => {
        return scan(options, { now, cwd, env, home, version, sleep, ...defined({ onProgress, signal }) });
      },
      render: (report, format) => render(report, format, io),
    },
  );
}

async function render(report: Report, format: string, io: CliIo): Promise<string> {
  const reporter = await loadReporter(format);
  const look = { color: wantsColor(undefined, io), width: io.width, showSecrets: false, verbose: false };
  return renderWith(reporter, report, look, resolveRoot({ targets: [] }, io.cwd));
}

async function readText(input: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of input) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
