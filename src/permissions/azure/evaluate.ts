import { matchesWildcard } from '../../lib/patterns/wildcard.ts';
import type { Evaluation, Power, PowerFamily, Statement, StatementSource } from '../contract.ts';
import { evaluationOf } from '../powers.ts';
import { EVERYTHING, isWholeService, POWERS, type PowerRow, type Reach, writeTier } from './powers.ts';

/** A scope as the collectors write it: its kind, a colon, its id or name. */
const REACHES: Readonly<Record<string, Reach>> = {
  'management-group': 'wide',
  subscription: 'wide',
  'resource-group': 'group',
  resource: 'narrow',
};
const ASSIGNS_ROLES = 'microsoft.authorization/roleassignments/write';
/** Most wildcards of one role that are told. */
const MOST_WILDCARDS = 20;

type Tiers = PowerRow['tiers'];

const ADMINISTRATOR: Tiers = { wide: 0, group: 1, narrow: 1 };
const WILDCARD: Tiers = { wide: 1, group: 2, narrow: 2 };
const REPLACES: Tiers = { wide: 1, group: 2, narrow: 2 };
const CALLS: Tiers = { wide: 2, group: 2, narrow: 2 };
const READS: Tiers = { wide: 3, group: 3, narrow: 3 };

/**
 * Returns what evaluates the statements of one subject. `notActions` are statements that deny with the same source as
 * the one that allows: they take from their own role only, another role may give it back. Patterns are in lower case.
 * What a role gives is looked up once, however often it is assigned.
 */
export function createAzureEvaluator(): (statements: readonly Statement[]) => Evaluation {
  const known = new WeakMap<readonly string[], readonly PowerRow[]>();
  return (statements) => {
    const without = new Map<StatementSource, readonly string[]>();
    for (const { effect, source, actions } of statements) if (effect === 'deny') without.set(source, actions.patterns);
    const powers = statements.flatMap((statement) => {
      if (statement.effect !== 'allow') return [];
      const { patterns } = statement.actions;
      const rows = known.get(patterns) ?? rowsOf(patterns, without.get(statement.source) ?? []);
      known.set(patterns, rows);
      return statement.resources.patterns.flatMap((resource) => rows.map((row) => make(statement, row, resource)));
    });
    return evaluationOf(powers, statements.every(isRead));
  };
}

function isRead({ effect, actions, resources, conditionUnknown }: Statement): boolean {
  return effect !== 'unknown' && !actions.unknown && !resources.unknown && !conditionUnknown;
}

/** All that the patterns give and what is left out does not take. */
function rowsOf(patterns: readonly string[], without: readonly string[]): readonly PowerRow[] {
  if (patterns.length === 0) return [];
  const own = [...new Set(patterns)];
  const allows = (action: string): boolean =>
    own.some((pattern) => covers(pattern, action)) && !without.some((pattern) => covers(pattern, action));
  const administrator = own.includes(EVERYTHING) && allows(ASSIGNS_ROLES);
  const whole = own.filter((pattern) => isWholeService(pattern)).slice(0, MOST_WILDCARDS);
  return [
    ...(administrator ? [row('administrator', ADMINISTRATOR, EVERYTHING)] : []),
    ...POWERS.filter(({ action }) => allows(action.toLowerCase())),
    ...whole.map((pattern) => row('service-wildcard', WILDCARD, pattern)),
    plainRow(own),
  ];
}

/** `*` is of the control plane; `data:*` of the data plane. */
function covers(pattern: string, action: string): boolean {
  return pattern.startsWith('data:') === action.startsWith('data:') && matchesWildcard(pattern, action);
}

/** One row for all that writes, else one for all that reads. */
function plainRow(patterns: readonly string[]): PowerRow {
  const replaces = patterns.find((pattern) => writeTier(pattern) === 1);
  if (replaces !== undefined) return row('write', REPLACES, replaces);
  const calls = patterns.find((pattern) => writeTier(pattern) === 2);
  return calls === undefined ? row('read', READS, patterns[0] ?? '') : row('write', CALLS, calls);
}

const row = (family: PowerFamily, tiers: Tiers, action: string): PowerRow => ({ family, tiers, action });

/** A condition leaves some of it: one tier less, never none. */
function make(statement: Statement, { family, tiers, action }: PowerRow, resource: string): Power {
  const reach = REACHES[resource.slice(0, resource.indexOf(':'))] ?? 'narrow';
  const conditional = statement.conditions.length > 0 || statement.conditionUnknown;
  const tier = tiers[reach];
  const lowered = !conditional || tier >= 2 ? tier : tier === 0 ? 1 : 2;
  const everywhere = reach === 'wide' && !conditional;
  return { family, tier: lowered, actions: [action], resource, everywhere, source: statement.source };
}
