import { defined } from '../../../lib/fields/defined.ts';
import type { Evidence } from '../../../model/identity.ts';
import { titleOf } from '../../shared/api/endpoint.ts';
import { byId, type Draft, type Drafts, setFacts } from '../../shared/identity-drafts.ts';
import { listAdmins, listMembers, listOutsideCollaborators } from '../endpoints/organisation.ts';
import { listOutsideAdmins } from '../endpoints/security.ts';
import type { Member } from '../schema.ts';
import { AUDIT_SOURCE } from './audit.ts';
import { isMachine, machineUserId, organisationId, PROVIDER, personId } from './names.ts';

/** How somebody belongs to an organisation. */
export type Role = 'admin' | 'member' | 'outside';

interface Person {
  readonly login: string;
  readonly type?: string;
  readonly role?: Role;
}

/** What is known of a person from other places. */
interface Doings {
  /** Repositories that somebody from outside administers. */
  readonly administers: Set<string>;
  /** True: the account of a machine was used from a browser. */
  browser: boolean;
}

const SOURCES: Readonly<Record<Role, string>> = {
  admin: titleOf(listAdmins),
  member: titleOf(listMembers),
  outside: titleOf(listOutsideCollaborators),
};
const MOST_REASONS = 10;
const MENTIONED = 'named as creator or holder';

/** The people of an organisation, and people that its keys name. */
export class People {
  readonly #account: string;
  readonly #people = new Map<string, Person>();
  readonly #doings = new Map<string, Doings>();
  /** True if the lists hold everybody. Only then does a person count as gone who is in no list. */
  readonly #complete: boolean;

  constructor(account: string, complete: boolean) {
    this.#account = account;
    this.#complete = complete;
  }

  add(members: readonly Member[], role: Role): void {
    for (const { login, type } of members) {
      this.#people.set(login.toLowerCase(), { login, role, ...defined({ type }) });
    }
  }

  /** Remembers a person whom an answer names, and returns the id of the identity that will be added. */
  mention(login: string): string {
    const key = login.toLowerCase();
    const person = this.#people.get(key) ?? { login };
    this.#people.set(key, person);
    return idOf(person);
  }

  /** Remembers that somebody from outside administers a repository. */
  administers(login: string, fullName: string): void {
    this.mention(login);
    this.#doingsOf(login).administers.add(fullName);
  }

  /** Remembers that somebody used an account in a browser. Accounts that nobody lists are left alone. */
  usedInBrowser(login: string): void {
    if (this.#people.has(login.toLowerCase())) this.#doingsOf(login).browser = true;
  }

  #doingsOf(login: string): Doings {
    const key = login.toLowerCase();
    const doings = this.#doings.get(key) ?? { administers: new Set<string>(), browser: false };
    this.#doings.set(key, doings);
    return doings;
  }

  /** Adds an identity for each person, in the order in which they were mentioned. */
  describe(drafts: Drafts): void {
    for (const person of this.#people.values()) this.#describeOne(drafts, person);
  }

  #describeOne(drafts: Drafts, person: Person): void {
    const { login, role, type } = person;
    const source = role === undefined ? MENTIONED : SOURCES[role];
    const evidence: Evidence = { collector: PROVIDER, source };
    const machine = isMachine(login, type);
    const head = { provider: PROVIDER, account: this.#account, name: login };
    const draft = drafts.identity({ id: idOf(person), type: machine ? 'machine_user' : 'person', ...head }, evidence);
    const gone = role === undefined && this.#complete && !machine;
    const status = role === undefined ? (gone ? 'gone' : undefined) : 'active';
    const basis = machine ? (type === 'Bot' ? 'account type' : 'name') : undefined;
    setFacts(draft, { status, role, basis }, source);
    if (role === 'admin') {
      const tierReasons = [`organisation owner on ${this.#account} (role admin, ${source})`];
      setFacts(draft, { privilegeTier: 0, tierReasons }, source);
      draft.grants.push({ permission: 'organisation owner', resource: this.#account, tier: 0, source });
    }
    this.#describeDoings(draft, login);
    if (role === 'admin' || role === 'member') {
      drafts.edge(draft.id, 'member-of', byId(organisationId(this.#account)), evidence);
    }
  }

  #describeDoings(draft: Draft, login: string): void {
    const doings = this.#doings.get(login.toLowerCase());
    if (doings?.browser === true) setFacts(draft, { humanUse: true, audited: true }, AUDIT_SOURCE);
    const repositories = [...(doings?.administers ?? [])].sort();
    if (repositories.length === 0) return;
    const source = titleOf(listOutsideAdmins);
    const tierReasons = repositories.slice(0, MOST_REASONS).map((name) => `admin on ${name} (collaborator, ${source})`);
    setFacts(draft, { administers: repositories, privilegeTier: 1, tierReasons }, source);
    for (const resource of repositories) draft.grants.push({ permission: 'admin', resource, tier: 1, source });
  }
}

function idOf(person: Person): string {
  return isMachine(person.login, person.type) ? machineUserId(person.login) : personId(person.login);
}
