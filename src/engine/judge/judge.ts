import { Suppressor } from '../../config/suppress.ts';
import type { RuleCatalogue } from '../../model/rule.ts';
import type { Gathered, Harvest } from '../gather/contract.ts';
import type { Plan } from '../plan/contract.ts';
import type { Found, Judged } from './contract.ts';
import { isFullScan } from './full-scan.ts';

/**
 * Joins what was gathered, verifies it where that was asked for, applies posture rules, scores, and accepts what is
 * known.
 */
export async function judge(plan: Plan, gathered: Gathered): Promise<Judged> {
  const { options, policy, rules, started } = plan;
  const harvest = keepConfident(gathered.harvest, rules.confidence);
  const suppressor = new Suppressor([...policy.entries, ...rules.entries], {
    now: started,
    inlineComments: policy.config.inlineComments && options.policyRef === undefined,
  });
  const findings = isEmpty(harvest) ? findNothing(rules.catalogue) : await findLater(plan, harvest, suppressor);
  const staleEntries = suppressor.stale(isFullScan(plan));
  const notes = [...policy.notes, ...rules.notes, ...suppressor.slowPatterns(), ...gathered.notes];
  return { ...findings, matches: harvest.matches, staleEntries, notes };
}

/** A pack may ask for confidence: a match that its checks lowered below belongs to other packs. */
function keepConfident(harvest: Harvest, wanted: Plan['rules']['confidence']): Harvest {
  if (wanted === undefined) return harvest;
  const matches = harvest.matches.filter(
    ({ match }) => match.grade === 'placeholder' || wanted.includes(match.confidence),
  );
  return { ...harvest, matches };
}

/** Loads what joins and scores lazily: most commits add no secret. */
async function findLater(plan: Plan, harvest: Harvest, suppressor: Suppressor): Promise<Found> {
  const matches = harvest.matches.length;
  plan.context.onProgress?.({ phase: 'joining', target: '', planned: 0, scanned: 0, bytes: 0, matches });
  const { findAll } = await import('./findings.ts');
  return findAll(plan, harvest, suppressor);
}

/** True where there is nothing to join, to judge or to score. */
function isEmpty({ matches, identities, pending }: Harvest): boolean {
  return matches.length + identities.length + pending.length === 0;
}

/** What `findAll` returns for nothing, without loading what it needs. A test compares both. */
export function findNothing(catalogue: RuleCatalogue): Found {
  const posture = catalogue.posture.map(({ id }) => ({ ruleId: id, fail: 0, pass: 0, notAssessed: 0 }));
  return { findings: [], identities: [], edges: [], posture, coverage: [] };
}
