import type { PrivilegeTier } from '../../model/identity.ts';
import type { Evaluation, Power, Statement } from '../contract.ts';
import { isAboveRepositories, isKnownPermission, type Worth, worthOf, worthOfScope } from './families.ts';
import { scopeOf } from './statements.ts';

const TIERS = [0, 1, 2, 3, 4] as const;

/**
 * Evaluates permissions of GitHub. They only ever allow, so each is worth what it is worth alone; two together can be
 * worth more: whoever pushes code and workflows runs a job that hands out every secret of the repository.
 */
export function evaluateGithub(statements: readonly Statement[]): Evaluation {
  const single = statements.flatMap(powerOf);
  const powers = [...single, ...combined(single)].sort(strongestFirst);
  const complete = statements.every(isKnown);
  const strongest = TIERS.find((tier) => powers.some((power) => power.tier === tier)) ?? 4;
  return { powers, complete, ...(complete || strongest === 0 ? { tier: strongest } : {}) };
}

/** Returns the tier of one statement; undefined where nobody knows what its action is worth. */
export function tierOfStatement(statement: Statement): PrivilegeTier | undefined {
  return evaluateGithub([statement]).tier;
}

function powerOf(statement: Statement): readonly Power[] {
  const [action = ''] = statement.actions.patterns;
  const worth = worthOfAction(action);
  if (worth === undefined) return [];
  const everywhere = isEverywhere(action, statement);
  const tier = everywhere ? worth.everywhere : worth.some;
  const shown = scopeOf(action) ?? action;
  return [
    {
      family: worth.family,
      tier,
      actions: [shown],
      resource: resourceOf(statement),
      everywhere,
      source: statement.source,
    },
  ];
}

function worthOfAction(action: string): Worth | undefined {
  const scope = scopeOf(action);
  if (scope !== undefined) return worthOfScope(scope);
  const [name = '', level = ''] = action.split(':');
  return worthOf(name, level);
}

/** What is not in a table could be worth anything. */
function isKnown({ actions }: Statement): boolean {
  const [action = ''] = actions.patterns;
  const scope = scopeOf(action);
  if (scope !== undefined) return worthOfScope(scope) !== undefined;
  const [name = '', level = ''] = action.split(':');
  return isKnownPermission(name, level);
}

function isEverywhere(action: string, statement: Statement): boolean {
  if (scopeOf(action) !== undefined) return true;
  return (
    isAboveRepositories(action.split(':')[0] ?? '') || statement.resources.patterns.some((text) => text.endsWith('/*'))
  );
}

/** At most three names: the list of repositories stands in an attribute of its own. */
const MOST_NAMES = 3;

function resourceOf({ resources }: Statement): string {
  const { patterns, unknown } = resources;
  if (unknown) return 'selected repositories';
  const more = patterns.length > MOST_NAMES ? ` and ${patterns.length - MOST_NAMES} more` : '';
  return patterns.length === 0 ? 'no repository' : `${patterns.slice(0, MOST_NAMES).join(', ')}${more}`;
}

function combined(powers: readonly Power[]): readonly Power[] {
  const code = powers.find((power) => power.actions[0] === 'contents:write' || power.actions[0] === 'repo');
  const flow = powers.find((power) => power.actions[0] === 'workflows:write' || power.actions[0] === 'workflow');
  if (code === undefined || flow === undefined) return [];
  const everywhere = code.everywhere && flow.everywhere;
  const actions = [...code.actions, ...flow.actions];
  return [{ ...flow, family: 'credential-exposure', tier: everywhere ? 1 : 2, actions, everywhere }];
}

/** Several actions together say more than one alone, so they come first within a tier. */
function strongestFirst(a: Power, b: Power): number {
  if (a.tier !== b.tier) return a.tier - b.tier;
  if (a.actions.length !== b.actions.length) return b.actions.length - a.actions.length;
  const [first, second] = [a.actions.join(), b.actions.join()];
  return first < second ? -1 : first > second ? 1 : 0;
}
