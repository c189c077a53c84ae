import type { PrivilegeTier } from '../../model/identity.ts';
import type { Evaluation, Power, PowerFamily, Statement, StatementSource } from '../contract.ts';
import { evaluationOf } from '../powers.ts';
import { createDigests, type Digest } from './digest.ts';
import { POWERS, type PowerRow, SET_POLICY_TIERS } from './powers.ts';
import type { GcpRoles } from './roles.ts';

/** Resources of these kinds pass what is granted on them to all that is in them: `project:shop`. */
const WIDE = /^(?:organization|folder|project):/;
/** A role with more than this share of all permissions, that may also grant roles, is an administrator's. */
const ADMINISTRATOR_SHARE = 0.5;
const GRANTS_ROLES = [
  'resourcemanager.projects.setIamPolicy',
  'resourcemanager.folders.setIamPolicy',
  'resourcemanager.organizations.setIamPolicy',
];
/** A condition that speaks of nothing but time. */
const TIME_ONLY = /^\s*request\.time\s*(?:<=?|>=?)\s*timestamp\(\s*["'][^"']*["']\s*\)\s*$/;

/** What one subject has on one resource, with who gives it. */
interface Held {
  readonly resource: string;
  readonly wide: boolean;
  /** False: under a condition that leaves out some resources or roles. */
  readonly whole: boolean;
  readonly powers: Map<string, StatementSource>;
  readonly parts: { readonly digest: Digest; readonly source: StatementSource }[];
}

/**
 * Returns what evaluates the statements of one subject together. Permissions on the same resource are put together, so
 * that two roles can give what neither gives alone. What a statement denies without a condition is taken away.
 */
export function createGcpEvaluator(roles: GcpRoles): (statements: readonly Statement[]) => Evaluation {
  const digestOf = createDigests(roles);
  const known = [...roles.services.values()].reduce((sum, count) => sum + count, 0);
  return (statements) => {
    const denied = new Set(statements.filter(isPlainDeny).flatMap(({ actions }) => actions.patterns));
    const held = new Map<string, Held>();
    for (const statement of statements.filter(({ effect }) => effect === 'allow')) {
      const { patterns } = statement.actions;
      const digest = digestOf(denied.size === 0 ? patterns : patterns.filter((action) => !denied.has(action)));
      if (digest.count > 0) addStatement(held, statement, digest);
    }
    const powers = [...held.values()].flatMap((entry) => powersOf(entry, known * ADMINISTRATOR_SHARE));
    return evaluationOf(powers, statements.every(isRead));
  };
}

const isPlainDeny = ({ effect, conditions, conditionUnknown }: Statement): boolean =>
  effect === 'deny' && conditions.length === 0 && !conditionUnknown;

function isRead({ effect, actions, resources, conditionUnknown }: Statement): boolean {
  return effect !== 'unknown' && !actions.unknown && !resources.unknown && !conditionUnknown;
}

function addStatement(held: Map<string, Held>, statement: Statement, digest: Digest): void {
  const whole = !statement.conditionUnknown && statement.conditions.every(isTimeOnly);
  for (const resource of statement.resources.patterns) {
    const key = `${whole} ${resource}`;
    const entry: Held = held.get(key) ?? {
      resource,
      wide: WIDE.test(resource),
      whole,
      powers: new Map(),
      parts: [],
    };
    held.set(key, entry);
    entry.parts.push({ digest, source: statement.source });
    for (const power of digest.powers) if (!entry.powers.has(power)) entry.powers.set(power, statement.source);
  }
}

const isTimeOnly = ({ values, unknown }: Statement['conditions'][number]): boolean =>
  !unknown && values.every((value) => TIME_ONLY.test(value));

function powersOf(held: Held, administratorCount: number): readonly Power[] {
  const rows = POWERS.flatMap((row) => powerOfRow(held, row));
  const tier = held.wide ? SET_POLICY_TIERS.wide : SET_POLICY_TIERS.narrow;
  return [
    ...administratorPower(held, administratorCount),
    ...rows,
    ...held.parts.flatMap(({ digest, source }) =>
      digest.policies.map((power) => make(held, 'permission-management', tier, [power], source)),
    ),
    ...held.parts.flatMap(({ digest, source }) =>
      digest.wholeServices.map((service) =>
        make(held, 'service-wildcard', held.wide ? 1 : 2, [`${service}.*`], source),
      ),
    ),
    ...held.parts.map((part) => plainPower(held, part)),
  ];
}

function administratorPower(held: Held, administratorCount: number): readonly Power[] {
  const part = held.parts.find(({ digest }) => digest.count > administratorCount);
  const grants = part && GRANTS_ROLES.find((permission) => part.digest.powers.includes(permission));
  if (part === undefined || grants === undefined) return [];
  const actions = [grants, `${part.digest.count - 1} more permissions`];
  return [make(held, 'administrator', held.wide ? 0 : 1, actions, part.source)];
}

function powerOfRow(held: Held, row: PowerRow): readonly Power[] {
  const { powers } = held;
  const [first = ''] = row.all;
  const source = powers.get(first);
  if (source === undefined || !row.all.every((permission) => powers.has(permission))) return [];
  const also = row.any?.find((permission) => powers.has(permission));
  if (row.any !== undefined && also === undefined) return [];
  const actions = also === undefined ? row.all : [...row.all, also];
  return [make(held, row.family, held.wide ? row.wide : row.narrow, actions, source)];
}

/** One power for all that a role writes, else one for all that it reads. */
function plainPower(held: Held, { digest, source }: Held['parts'][number]): Power {
  const { strongestWrite: write, first } = digest;
  if (write === undefined) return make(held, 'read', 3, [first], source);
  return make(held, 'write', held.wide ? write.tier : 2, [write.permission], source);
}

/** A condition that leaves out some of it: one tier less, never none. */
function make(
  held: Held,
  family: PowerFamily,
  tier: PrivilegeTier,
  actions: readonly string[],
  source: StatementSource,
): Power {
  const lowered = held.whole || tier >= 2 ? tier : tier === 0 ? 1 : 2;
  return { family, tier: lowered, actions, resource: held.resource, everywhere: held.wide && held.whole, source };
}
