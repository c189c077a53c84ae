import type { Act } from './act.ts';
import { readGrant, readMembers } from './grants.ts';
import { Reader } from './reader.ts';
import { readRoleOptions } from './roles.ts';
import type { Token } from './tokens.ts';

/** Reads one statement. What is not understood gives nothing. */
export function actsOf(tokens: readonly Token[]): readonly Act[] {
  const reader = new Reader(tokens);
  const { at } = reader;
  switch (reader.word()) {
    case 'CREATE':
      return createOrAlter(reader, true);
    case 'ALTER':
      return reader.take('DEFAULT', 'PRIVILEGES') ? defaults(reader, at) : createOrAlter(reader, false);
    case 'GRANT':
      return readGrant(reader, 'grant', at);
    case 'REVOKE':
      return readGrant(reader, 'revoke', at);
    case 'EXEC':
    case 'EXECUTE':
      return procedure(reader, at);
    default:
      return [];
  }
}

/** `ALTER DEFAULT PRIVILEGES … GRANT …` grants on what will be created. */
function defaults(reader: Reader, at: number): readonly Act[] {
  reader.until('GRANT');
  return reader.take('GRANT') ? readGrant(reader, 'grant', at) : [];
}

function createOrAlter(reader: Reader, created: boolean): readonly Act[] {
  reader.takeReplace();
  const server = reader.take('SERVER');
  const kind = reader.word();
  if (kind !== 'ROLE' && kind !== 'USER' && kind !== 'LOGIN' && kind !== 'GROUP') return [];
  reader.take('IF', 'NOT', 'EXISTS');
  reader.take('IF', 'EXISTS');
  if (!created && (kind === 'ROLE' || kind === 'GROUP')) {
    const members = readMembers(reader, server);
    if (members.length > 0) return members;
  }
  // A group of rights in SQL Server's own sense: nobody can log in as a server role.
  return server ? [] : rolesOf(reader, kind, created);
}

/** MySQL lets one statement make several accounts, each with its options, and with options for all behind them. */
function rolesOf(reader: Reader, kind: 'ROLE' | 'USER' | 'LOGIN' | 'GROUP', created: boolean): readonly Act[] {
  const acts: Act[] = [];
  do {
    const { at } = reader;
    const account = reader.account();
    if (account === undefined) return acts;
    const { facts, members } = readRoleOptions(reader, kind, created, account);
    acts.push({ kind: 'role', created, account, facts, at });
    for (const role of members) {
      acts.push({ kind: 'member', accounts: [account], roles: [role], server: false, delegable: false, at });
    }
  } while (reader.take(','));
  return acts;
}

/** `sp_addrolemember 'role', 'user'`, `sp_addsrvrolemember 'login', 'role'` of SQL Server. */
function procedure(reader: Reader, at: number): readonly Act[] {
  if (reader.take('SYS', '.') || reader.take('MASTER', '.', '.')) reader.take('SYS', '.');
  const name = reader.word();
  if (name !== 'SP_ADDROLEMEMBER' && name !== 'SP_ADDSRVROLEMEMBER') return [];
  const server = name === 'SP_ADDSRVROLEMEMBER';
  const first = argument(reader);
  const second = reader.take(',') ? argument(reader) : undefined;
  if (first === undefined || second === undefined) return [];
  const [account, role] = server ? [first, second] : [second, first];
  return [{ kind: 'member', accounts: [{ name: account }], roles: [role], server, delegable: false, at }];
}

/** `'value'`, `N'value'`, `@name = 'value'`. */
function argument(reader: Reader): string | undefined {
  if (reader.take('@')) {
    reader.word();
    reader.take('=');
  }
  if (reader.peek(1)?.kind === 'string') reader.take('N');
  return reader.name();
}
