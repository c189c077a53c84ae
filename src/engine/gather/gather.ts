import { collectors } from '../../collectors/index.generated.ts';
import { defined } from '../../lib/fields/defined.ts';
import type { Plan } from '../plan/contract.ts';
import type { Gathered, Memory } from './contract.ts';
import { rememberRuns } from './incremental/remember-runs.ts';
import { spreadOccurrences } from './occurrences.ts';
import { condenseAside } from './parallel/condensing.ts';
import { openThreads } from './parallel/open-threads.ts';
import { harvest } from './pipeline.ts';

/**
 * Reads all targets of a plan: collectors bring artifacts and identities, the detection stage finds matches. An
 * incremental run reads only what is new, and has what earlier runs found beside it.
 * @throws UsageError where the targets cannot be read incrementally
 */
export const gather: (plan: Plan) => Promise<Gathered> = rememberRuns(gatherOnce);

async function gatherOnce(plan: Plan, memory: Memory): Promise<Gathered> {
  const { options, context, targets, stage, setup, contextOf } = plan;
  const threads = openThreads(setup, context.cwd, options.threads);
  const condensing = threads && condenseAside(setup.home);
  const harvested = await harvest({
    targets,
    collectors,
    stage,
    contextOf,
    declarationFiles: setup.limits.declarationFiles,
    ...memory,
    ...defined({ onProgress: context.onProgress, threads, condensing }),
  });
  const { harvest: spread, notes } = await spreadOccurrences(plan, harvested);
  return { harvest: spread, notes: [...noteFailures(threads?.failures ?? []), ...notes] };
}

/** The report is complete all the same: the note asks the user to file a bug. */
function noteFailures(failures: readonly string[]): string[] {
  if (failures.length === 0) return [];
  const kinds = [...new Set(failures)].join(', ');
  return [
    `Threads ended early (${kinds}), and the first one did their work. This is a bug in Bowerbird; please report it.`,
  ];
}
