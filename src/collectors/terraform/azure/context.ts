import { readGraphRoles } from '../../../permissions/azure/entra.ts';
import { createAzureEvaluator } from '../../../permissions/azure/evaluate.ts';
import { type AzureRole, readAzureRoles } from '../../../permissions/azure/roles.ts';
import type { Evaluation, Power, Statement } from '../../../permissions/contract.ts';
import { evaluationOf, factsOf } from '../../../permissions/powers.ts';
import { type Draft, type Drafts, setFacts } from '../../shared/identity-drafts.ts';

/** Most statements of one principal that are evaluated. More make its permissions incomplete. */
const MOST_STATEMENTS = 1000;

/** What one principal has: roles on resources, and powers in the directory. */
interface Held {
  readonly draft: Draft;
  readonly statements: Statement[];
  readonly powers: Power[];
  complete: boolean;
}

/** What the declarations of one run say about Azure, beside its drafts. */
export interface AzureRun {
  readonly drafts: Drafts;
  /** Built-in roles by GUID and name in lower case; read when the first assignment is met. */
  roles(): ReadonlyMap<string, AzureRole>;
  /** Names of the application permissions of Microsoft Graph by id. */
  graphRoles(): ReadonlyMap<string, string>;
  evaluate(statements: readonly Statement[]): Evaluation;
  readonly held: Map<string, Held>;
}

export function createAzureRun(drafts: Drafts): AzureRun {
  let roles: ReadonlyMap<string, AzureRole> | undefined;
  let graphRoles: ReadonlyMap<string, string> | undefined;
  return {
    drafts,
    roles() {
      roles ??= readAzureRoles();
      return roles;
    },
    graphRoles() {
      graphRoles ??= readGraphRoles();
      return graphRoles;
    },
    evaluate: createAzureEvaluator(),
    held: new Map(),
  };
}

/** Gives a principal statements or powers. `complete: false`: there is more that is not known. */
export function giveTo(
  run: AzureRun,
  draft: Draft,
  given: {
    readonly statements?: readonly Statement[];
    readonly powers?: readonly Power[];
    readonly complete?: boolean;
  },
): void {
  const held = run.held.get(draft.id) ?? { draft, statements: [], powers: [], complete: true };
  run.held.set(draft.id, held);
  const { statements = [], powers = [], complete = true } = given;
  const room = held.statements.length + held.powers.length < MOST_STATEMENTS;
  if (room) held.statements.push(...statements);
  if (room) held.powers.push(...powers);
  held.complete &&= complete && room;
}

/** Sets what each principal may do from all that it has. */
export function finishPrincipals(run: AzureRun): void {
  for (const { draft, statements, powers, complete } of run.held.values()) {
    const evaluation = run.evaluate(statements);
    const all = evaluationOf([...evaluation.powers, ...powers], evaluation.complete && complete);
    setFacts(draft, factsOf(all), draft.evidence[0]?.source ?? '');
  }
}
