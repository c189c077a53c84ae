import { factsOf } from '../../../permissions/powers.ts';
import { type Draft, setFacts } from '../../shared/identity-drafts.ts';
import type { GoogleRun } from './context.ts';

/** Longest chain of accounts that act as each other. */
const MOST_ROUNDS = 16;
const MOST_REASONS = 10;

/** Sets what each account may do from all of its grants, then what it may do as the accounts that it may act as. */
export function finishAccounts(run: GoogleRun): void {
  for (const { draft, list } of run.statements.values()) {
    const source = draft.evidence[0]?.source ?? '';
    setFacts(draft, factsOf(run.evaluate(list)), source);
  }
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const changed = run.acting.filter(({ from, target, action, source }) => {
      const tier = tierOf(target);
      const own = tierOf(from);
      if (tier === undefined || (own !== undefined && own <= tier)) return false;
      const reason = `${action} on service_account:${target.name}, which is tier ${tier} (${source})`;
      setFacts(from, { privilegeTier: tier, tierReasons: [reason, ...reasonsOf(from)].slice(0, MOST_REASONS) }, source);
      return true;
    });
    if (changed.length === 0) return;
  }
}

function tierOf(draft: Draft): number | undefined {
  const value = draft.attributes.get('privilegeTier')?.value;
  return typeof value === 'number' ? value : undefined;
}

function reasonsOf(draft: Draft): readonly string[] {
  const value = draft.attributes.get('tierReasons')?.value;
  return Array.isArray(value) ? value.filter((reason) => typeof reason === 'string') : [];
}
