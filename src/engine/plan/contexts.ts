import type { CollectContext, Limits } from '../../collectors/contract.ts';
import { defined } from '../../lib/fields/defined.ts';
import type { DetectStage, Policy, ScanContext, ScanOptions, Target } from './contract.ts';

/** What the contexts of collectors are made of. */
export interface ContextParts {
  readonly options: ScanOptions;
  readonly context: ScanContext;
  readonly policy: Policy;
  readonly limits: Limits;
  readonly started: Date;
  readonly stage: DetectStage;
}

/** Returns what a collector may know of the world, for each target. */
export function createContexts({
  options,
  context,
  policy,
  limits,
  started,
  stage,
}: ContextParts): (target: Target) => CollectContext {
  const exclude = listExcludes(options, policy);
  const optional = {
    ...defined({
      network: context.network,
      stdin: context.stdin,
      signal: context.signal,
      clock: context.clock,
    }),
  };
  return (target) => ({
    now: started,
    env: context.env,
    cwd: context.cwd,
    limits,
    options: { exclude, ...readWhole(options), ...options.collectors?.[target.collector.id] },
    sleep: context.sleep,
    room: () => stage.detector.room,
    ...optional,
  });
}

/** Globs of paths that the user leaves out, by configuration and by flag. */
export function listExcludes({ exclude = [] }: ScanOptions, { config }: Policy): readonly string[] {
  return [...config.exclude, ...exclude];
}

/**
 * Where every commit is wanted, every version is scanned whole: what it shares with another version is a place, too.
 */
function readWhole({ occurrences }: ScanOptions): { readonly 'full-blobs'?: true } {
  return occurrences === 'all' ? { 'full-blobs': true } : {};
}
