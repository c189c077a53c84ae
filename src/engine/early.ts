import type { CollectContext, Collected } from '../collectors/contract.ts';
import type { Target } from './targets.ts';

/** The first target of a run, where its collector may begin before the rules are there. */
export interface EarlyStart {
  /** What a target gives: what was begun where it is the one, else from the start. */
  collect(target: Target, context: CollectContext): AsyncIterable<Collected>;
  /** Ends what was begun and never taken. */
  stop(): Promise<void>;
}

/** Begins to collect, so that git works while the rules are loaded. */
export function beginEarly(targets: readonly Target[], contextOf: (target: Target) => CollectContext): EarlyStart {
  const [first] = targets;
  let begun = first?.collector.early === true ? begin(first, contextOf(first)) : undefined;
  return {
    collect(target, context) {
      const items = target === first ? begun?.items() : undefined;
      if (items === undefined) return target.collector.collect(context, target.address);
      begun = undefined;
      return items;
    },
    stop: async () => begun?.stop(),
  };
}

interface Begun {
  items(): AsyncIterable<Collected>;
  stop(): Promise<void>;
}

function begin(target: Target, context: CollectContext): Begun {
  const iterator = target.collector.collect(context, target.address)[Symbol.asyncIterator]();
  const first = iterator.next();
  // Whoever takes the items sees the failure; one who never does has failed for another reason.
  first.catch(() => undefined);
  return {
    items: () => resume(first, iterator),
    stop: async () => {
      await first.catch(() => undefined);
      await iterator.return?.();
    },
  };
}

async function* resume(
  first: Promise<IteratorResult<Collected>>,
  rest: AsyncIterator<Collected>,
): AsyncGenerator<Collected> {
  try {
    for (let next = await first; next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
