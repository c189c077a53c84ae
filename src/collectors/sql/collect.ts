import { defined } from '../../lib/fields/defined.ts';
import type { Artifact, Origin } from '../../model/artifact.ts';
import type { Evidence } from '../../model/identity.ts';
import type { DeclaredItem } from '../contract.ts';
import { byId, Drafts, type Facts, locationOf, setFacts } from '../shared/identity-drafts.ts';
import type { Act } from './act.ts';
import { powerOfAttribute, powerOfPrivilege, powerOfRole } from './powers.ts';
import { type PlacedAct, readSql } from './read.ts';
import type { Account } from './reader.ts';
import { addHeld, dropHeld, type Held, heldBy, type Role, reachOf, setHeldAttributes, shownName } from './registry.ts';

const SCOPE = 'declarations';
const COLLECTOR = 'sql';
/** Folders of one database: roles of the same name in them, or below, are one role. */
const ROOTS = /^(?:migrations?|migrate|db|database|sql|prisma|flyway|liquibase|schemas?)$/i;
/** Files that take a migration back. */
const DOWN = /(?:^|[./_-])down\.\w+$|(?:^|\/)U\d[^/]*__[^/]*$/i;
const ORDERED = /(?:^|\/)(?:V|R__)?\d[^/]*$|(?:^|\/)\d{3,}[^/]*\/[^/]*$/;
const MOST_REASONS = 10;
const EVERYBODY = 'public';
const MEMBERSHIP = 'role';

/** Reads roles and grants of all files, in the order in which migrations run. */
export function* collectRoles(files: readonly Artifact[]): Generator<DeclaredItem> {
  const drafts = new Drafts();
  const roles = new Map<string, Role>();
  const ordered = files.filter(({ origin }) => !DOWN.test(origin.path)).sort(byPath);
  for (const { origin, bytes } of ordered) {
    const { acts, gaps } = readSql({ origin, bytes });
    for (const gap of gaps) yield { kind: 'gap', scope: SCOPE, gap };
    for (const act of acts) apply({ drafts, roles, origin, placed: act });
  }
  for (const role of roles.values()) finish(role, roles);
  yield* drafts.collected();
}

/** `V2` comes before `V10`. */
function byPath(a: Artifact, b: Artifact): number {
  const order = a.origin.path.localeCompare(b.origin.path, 'en', { numeric: true });
  return order === 0 ? (a.origin.path < b.origin.path ? -1 : 1) : order;
}

interface Step {
  readonly drafts: Drafts;
  readonly roles: Map<string, Role>;
  readonly origin: Origin;
  readonly placed: PlacedAct;
}

function apply(step: Step): void {
  const { act } = step.placed;
  if (act.kind === 'role') applyRole(step, act);
  else if (act.kind === 'privilege')
    for (const account of act.accounts) (act.revoked ? revoke : grant)(step, act, account);
  else for (const account of act.accounts) join(step, act, account);
}

function applyRole(step: Step, { account, created, facts }: Extract<Act, { kind: 'role' }>): void {
  const role = roleOf(step, account);
  const { given } = facts;
  role.declared ||= created;
  role.facts = { ...role.facts, ...facts };
  if (given === undefined) return;
  const place = placeOf(step);
  const items = given.map((what) => ({ what, ...powerOfAttribute(what), place }));
  setHeldAttributes(role, items);
}

function grant(step: Step, act: Extract<Act, { kind: 'privilege' }>, account: Account): void {
  const role = roleOf(step, account);
  for (const permission of act.privileges) {
    const { tier, family } = powerOfPrivilege(permission, act.resource);
    hold(step, role, { what: permission, on: act.resource, tier, family, place: placeOf(step) });
  }
  if (!act.delegable) return;
  // Whoever may pass on all rights on everything makes administrators.
  const tier = act.resource === '*.*' && act.privileges.includes('ALL') ? 0 : 2;
  const what = 'GRANT OPTION';
  hold(step, role, { what, on: act.resource, tier, family: 'permissionActions', place: placeOf(step) });
}

function hold(step: Step, role: Role, held: Held): void {
  const { what: permission, on: resource = '', tier } = held;
  const location = evidenceOf(step).location;
  const listed = { permission, resource, tier, source: step.origin.path, ...defined({ location }) };
  addHeld(role, { ...held, grant: listed });
}

/** A REVOKE counts where the order of the files is known: in the same file, and between numbered ones. */
function revoke(step: Step, act: Extract<Act, { kind: 'privilege' }>, account: Account): void {
  const role = roleOf(step, account);
  const { path } = step.origin;
  const isBefore = ({ place }: Held): boolean => {
    const before = place.slice(0, place.lastIndexOf(':'));
    return before === path || (ORDERED.test(before) && ORDERED.test(path));
  };
  dropHeld(role, act.resource, act.privileges, isBefore);
}

function join(step: Step, act: Extract<Act, { kind: 'member' }>, account: Account): void {
  const role = roleOf(step, account);
  const place = placeOf(step);
  for (const name of act.roles) {
    const power = powerOfRole(name, act.server);
    if (power !== undefined) hold(step, role, { what: `member of ${name}`, on: MEMBERSHIP, ...power, place });
    else if (!act.server) {
      const parent = roleOf(step, { name });
      role.memberOf.set(parent.id, place);
      step.drafts.edge(role.id, 'member-of', byId(parent.id), evidenceOf(step));
    }
    if (act.delegable)
      hold(step, role, {
        what: `ADMIN OPTION on ${name}`,
        on: MEMBERSHIP,
        tier: power?.tier ?? 2,
        family: 'permissionActions',
        place,
      });
  }
}

/** The role of an account, made when it is first mentioned. */
function roleOf(step: Step, account: Account): Role {
  const { origin } = step;
  const isEverybody = account.name.toLowerCase() === EVERYBODY && account.host === undefined;
  const name = isEverybody ? 'PUBLIC' : shownName(account);
  const id = `database:${origin.repository ?? ''}:${databaseOf(origin.path)}#${name.toLowerCase()}`;
  const head = { id, type: 'database_role', provider: 'sql', name, account: origin.repository ?? '' };
  const draft = step.drafts.identity(head, evidenceOf(step));
  const existing = step.roles.get(id);
  if (existing !== undefined) return existing;
  const role: Role = { id, account, draft, declared: false, facts: {}, held: new Map(), memberOf: new Map() };
  step.roles.set(id, role);
  return role;
}

/** The folder that stands for a database: up to a folder that is named like one, else where the file is. */
function databaseOf(path: string): string {
  const folders = path.split('/').slice(0, -1);
  const root = folders.findIndex((folder) => ROOTS.test(folder));
  return (root < 0 ? folders : folders.slice(0, root + 1)).join('/');
}

function placeOf({ origin, placed }: Step): string {
  return `${origin.path}:${placed.line}`;
}

function evidenceOf({ origin, placed }: Step): Evidence {
  const start = { line: placed.line, column: placed.column };
  const location = locationOf(COLLECTOR, origin, start, { line: placed.line, column: placed.column + 1 });
  return { collector: COLLECTOR, source: origin.path, location };
}

const FAMILIES = ['escalationActions', 'credentialActions', 'dataActions', 'permissionActions', 'lateralActions'];

/** A role that only grants name may have more rights than the files say: for it, an empty list would be a guess. */
function finish(role: Role, roles: ReadonlyMap<string, Role>): void {
  const { draft, facts, declared } = role;
  const all = reachOf(role, roles);
  const [strongest] = all;
  for (const { grant: listed } of heldBy(role)) if (listed !== undefined) draft.grants.push(listed);
  const { given: _, postgres, ...known } = facts;
  const endless = postgres === true && facts.authMethod === 'password' && facts.expiresAt === undefined;
  const source = draft.evidence[0]?.source ?? '';
  setFacts(draft, { ...known, ...(endless ? { expiresAt: 'never' } : {}), ...hostFacts(role) }, source);
  if (facts.plaintextValue === true) setFacts(draft, { storage: 'plaintext_file' }, source);
  if (strongest === undefined) return;
  const reasons = [...new Set(all.map(describe))].slice(0, MOST_REASONS);
  setFacts(draft, { privilegeTier: strongest.tier, tierReasons: reasons }, source);
  for (const family of FAMILIES) {
    const names = [...new Set(all.filter((item) => item.family === family).map(shortly))];
    if (declared || names.length > 0) setFacts(draft, { [family]: names }, source);
  }
}

function hostFacts({ account, draft }: Role): Facts {
  if (draft.name === 'PUBLIC') return { publicAccess: true };
  const { host } = account;
  return host === undefined ? {} : { networkRestricted: !/^%?$/.test(host) };
}

function shortly({ what, on }: Held): string {
  return on === undefined || on === MEMBERSHIP ? what : `${what} on ${on}`;
}

function describe(held: Held): string {
  return `${shortly(held)} (${held.place})`;
}
