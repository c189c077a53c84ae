import type { Account } from './reader.ts';
import type { RoleFacts } from './roles.ts';

/** Something that a statement does to a role. `at` is the offset of the role's name, or of the statement. */
export type Act =
  | {
      readonly kind: 'role';
      readonly created: boolean;
      readonly account: Account;
      readonly facts: RoleFacts;
      readonly at: number;
    }
  | {
      readonly kind: 'privilege';
      readonly revoked: boolean;
      readonly accounts: readonly Account[];
      readonly privileges: readonly string[];
      readonly resource: string;
      readonly delegable: boolean;
      readonly at: number;
    }
  | {
      readonly kind: 'member';
      readonly accounts: readonly Account[];
      /** Roles whose rights the accounts get; `fixed` ones are those of SQL Server's own server roles. */
      readonly roles: readonly string[];
      readonly server: boolean;
      readonly delegable: boolean;
      readonly at: number;
    };
