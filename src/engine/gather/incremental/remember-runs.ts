import type { CollectContext } from '../../../collectors/contract.ts';
import { collectors } from '../../../collectors/index.generated.ts';
import type { Plan, Target } from '../../plan/contract.ts';
import type { Gather, Gathered } from '../contract.ts';

/** Makes a way to gather incremental: it reads what is new since the last run, and leaves a state for the next one. */
export function rememberRuns(gather: Gather): (plan: Plan) => Promise<Gathered> {
  return async (plan) => {
    const { options, contextOf } = plan;
    if (options.incremental !== true && options.state === undefined) return gather(plan, {});
    const { openRuns } = await import('./open-runs.ts');
    const increments = await openRuns(plan);
    const resumed = (target: Target): CollectContext => addEarlier(contextOf(target), increments.earlier(target));
    const gathered = await increments.gather(() => gather({ ...plan, contextOf: resumed }, increments.memory));
    return { ...gathered, remember: (findings, mask) => increments.remember(gathered.harvest, findings, mask) };
  };
}

/** Tells the collector of an incremental target what was read before. */
function addEarlier(context: CollectContext, earlier: CollectContext['earlier']): CollectContext {
  if (earlier === undefined) return context;
  const declarations = collectors.filter((collector) => collector.reads === 'artifact');
  const declares = (path: string): boolean => declarations.some((collector) => collector.accepts(path));
  return { ...context, earlier, declares };
}
