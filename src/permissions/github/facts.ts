import type { Grant } from '../../model/identity.ts';
import type { Evaluation, Power, PowerFamily, Statement } from '../contract.ts';
import { tierOfStatement } from './evaluate.ts';
import { scopeOf } from './statements.ts';

const MOST_REASONS = 10;

/** Attributes that all systems share. Lists are empty where everything was read and nothing gives that power. */
export interface PermissionFacts {
  readonly privilegeTier: number | undefined;
  readonly tierReasons: string[] | undefined;
  readonly escalationActions: string[] | undefined;
  readonly credentialActions: string[] | undefined;
  readonly dataActions: string[] | undefined;
  readonly permissionActions: string[] | undefined;
  readonly lateralActions: string[] | undefined;
}

/** Returns the attributes of an evaluation. What an incomplete evaluation did not find stays unknown. */
export function factsOfEvaluation(evaluation: Evaluation): PermissionFacts {
  const of = (...families: PowerFamily[]): string[] | undefined => actionsOf(evaluation, families);
  const reasons = evaluation.tier === undefined ? [] : reasonsOf(evaluation);
  return {
    privilegeTier: evaluation.tier,
    tierReasons: evaluation.tier === undefined ? undefined : reasons,
    escalationActions: of('administrator', 'escalation'),
    credentialActions: of('credential-exposure'),
    dataActions: of('data-exfiltration'),
    permissionActions: of('permission-management'),
    lateralActions: of('lateral-movement'),
  };
}

/** The grants of statements, one each, with the tier of each alone. */
export function grantsOfStatements(statements: readonly Statement[], account: string): Grant[] {
  return statements.flatMap((statement) => {
    const [action = ''] = statement.actions.patterns;
    const tier = tierOfStatement(statement);
    if (tier === undefined) return [];
    const { source } = statement;
    return [
      { permission: scopeOf(action) ?? action, resource: resourceOf(statement, account), tier, source: source.source },
    ];
  });
}

/** `contents:write`, sorted by name. */
export function permissionList(permissions: Readonly<Record<string, string>>): string[] {
  return Object.entries(permissions)
    .map(([name, level]) => `${name}:${level}`)
    .sort();
}

/** Only what gives the tier is a reason for it. */
function reasonsOf({ powers, tier }: Evaluation): string[] {
  const reasons = powers.filter((power) => power.tier === tier).map(reasonOf);
  return [...new Set(reasons)].slice(0, MOST_REASONS);
}

function reasonOf({ actions, resource, source }: Power): string {
  const where = source.location === undefined ? source.source : `${source.location.path}:${source.location.startLine}`;
  const on = resource === '*' ? 'everything its person reaches' : resource;
  return `${actions.join(' + ')} on ${on} (${source.policy}, ${where})`;
}

function actionsOf({ powers, complete }: Evaluation, families: readonly PowerFamily[]): string[] | undefined {
  const actions = powers.filter((power) => families.includes(power.family)).map((power) => power.actions.join(' + '));
  if (actions.length === 0 && !complete) return undefined;
  return [...new Set(actions)].sort();
}

/** `acme` (everything in it), `acme (selected)`, or the one repository. */
function resourceOf({ resources }: Statement, account: string): string {
  const [first] = resources.patterns;
  if (resources.patterns.length === 1 && first !== undefined)
    return first === '*' ? account : first.replace(/\/\*$/, '');
  return `${account} (selected)`;
}
