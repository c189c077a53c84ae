import type { PermissionFacts } from '../../permissions/aws/analyse.ts';
import type { PartItem, SharedWork, WorkReader } from '../abilities.ts';
import { AccountPolicies, allOf, type Granted } from './account-policies.ts';
import { type JsonRecord, textOf } from './json.ts';

/** Principals in one part: enough that a part is more than its message, few enough that threads end together. */
const PART = 50;
/** Roles that services of AWS own: nobody can change them. */
const SERVICE_PATH = '/aws-service-role/';

/** A user or role as the account lists it. */
export interface Principal {
  readonly type: 'iam_user' | 'iam_role';
  readonly record: JsonRecord;
  readonly arn: string;
  readonly name: string;
}

/** Who is in the account, and what policies of resources allow them. */
interface Account {
  readonly pages: readonly JsonRecord[];
  readonly granted: Granted;
}

/** The same for another thread, which reads JSON faster than it takes over objects. */
interface SharedAccount {
  readonly pages: string;
  readonly granted: Granted;
}

/** What the principal of a place may do. */
interface FactsNote {
  readonly index: number;
  readonly facts: PermissionFacts;
}

/** Judges the principals of an account, part by part. */
class PrincipalsReader implements WorkReader {
  readonly policies: AccountPolicies;
  readonly principals: readonly Principal[];

  constructor({ pages, granted }: Account) {
    this.policies = new AccountPolicies(pages, granted);
    this.principals = listPrincipals(pages);
  }

  *read(part: number): Generator<PartItem> {
    const end = Math.min((part + 1) * PART, this.principals.length);
    for (let index = part * PART; index < end; index += 1) {
      const { record, arn } = this.principals[index] as Principal;
      const note: FactsNote = { index, facts: this.policies.factsOf(record, arn) };
      yield { kind: 'note', note };
    }
  }

  close(): void {}
}

/** Takes what a principal may do. */
type TakeFacts = (policies: AccountPolicies, principal: Principal, facts: PermissionFacts) => void;

/** The principals of an account as work for several threads: what each may do depends on no other. */
export class PrincipalsWork implements SharedWork {
  readonly parts: number;
  readonly artifacts = false;
  readonly policies: AccountPolicies;
  readonly #account: Account;
  readonly #reader: PrincipalsReader;
  readonly #take: TakeFacts;

  /** `take` gets the principals in their order. */
  constructor(account: Account, take: TakeFacts) {
    this.#account = account;
    this.#reader = new PrincipalsReader(account);
    this.#take = take;
    this.policies = this.#reader.policies;
    this.parts = Math.ceil(this.#reader.principals.length / PART);
  }

  read(part: number): Generator<PartItem> {
    return this.#reader.read(part);
  }

  note(note: unknown): void {
    const { index, facts } = note as FactsNote;
    const principal = this.#reader.principals[index];
    if (principal !== undefined) this.#take(this.policies, principal, facts);
  }

  share(): unknown {
    const { pages, granted } = this.#account;
    const shared: SharedAccount = { pages: JSON.stringify(pages), granted };
    return shared;
  }

  close(): void {}
}

/** Opens what `PrincipalsWork.share` returned in another thread. */
export function openSharedPrincipals(shared: unknown): WorkReader {
  const { pages, granted } = shared as SharedAccount;
  return new PrincipalsReader({ pages: JSON.parse(pages) as readonly JsonRecord[], granted });
}

/** Users, then roles. */
function listPrincipals(pages: readonly JsonRecord[]): readonly Principal[] {
  const roles = allOf(pages, 'RoleDetailList').filter(
    (role) => textOf(role['Path'])?.startsWith(SERVICE_PATH) !== true,
  );
  return [
    ...allOf(pages, 'UserDetailList').flatMap((record) => principalOf('iam_user', record)),
    ...roles.flatMap((record) => principalOf('iam_role', record)),
  ];
}

function principalOf(type: Principal['type'], record: JsonRecord): Principal[] {
  const arn = textOf(record['Arn']);
  const name = textOf(record['UserName']) ?? textOf(record['RoleName']);
  return arn === undefined || !arn.startsWith('arn:') || name === undefined ? [] : [{ type, record, arn, name }];
}
