import { defined } from '../../lib/fields/defined.ts';
import type { Act } from './act.ts';
import type { Account, Reader } from './reader.ts';
import { type RoleFacts, readIdentified } from './roles.ts';
import type { Token } from './tokens.ts';

/** Words of `TO ROLE a, USER b` (Snowflake), `TO GROUP a` (PostgreSQL). */
const KINDS = ['ROLE', 'USER', 'GROUP', 'LOGIN'];

/** Reads what follows GRANT or REVOKE: privileges on something, or membership in roles. */
export function readGrant(reader: Reader, kind: 'grant' | 'revoke', at: number): readonly Act[] {
  if (kind === 'revoke') reader.take('GRANT', 'OPTION', 'FOR');
  const to = kind === 'grant' ? 'TO' : 'FROM';
  const head = reader.until('ON', to);
  // `GRANT TO (...)` of a row access policy names no privilege.
  if (head === undefined || head.length === 0) return [];
  const on = reader.take('ON') ? reader.until(to) : [];
  if (on === undefined || !reader.take(to)) return [];
  const accounts = reader.accounts(...KINDS);
  const { facts, delegable } = readTail(reader);
  const roles = facts === undefined ? [] : accounts.map((account) => roleAct(account, facts, at));
  if (on.length === 0) return [...roles, ...withoutResource(kind, head, { accounts, delegable, at })];
  const privileges = listOf(head).map((text) => text.replace(/ PRIVILEGES$/, ''));
  return [
    ...roles,
    { kind: 'privilege', revoked: kind === 'revoke', accounts, privileges, resource: textOf(on), delegable, at },
  ];
}

function roleAct(account: Account, facts: RoleFacts, at: number): Act {
  return { kind: 'role', created: false, account, facts, at };
}

interface Grantees {
  readonly accounts: Extract<Act, { kind: 'member' }>['accounts'];
  readonly delegable: boolean;
  readonly at: number;
}

/** Without ON: membership in roles, or (SQL Server, Oracle) a privilege on everything. */
function withoutResource(kind: 'grant' | 'revoke', head: readonly Token[], grantees: Grantees): readonly Act[] {
  if (kind === 'revoke') return [];
  const texts = listOf(head);
  const names = namesOf(head);
  if (names !== undefined) return [{ kind: 'member', roles: names, server: false, ...grantees }];
  const privileges = texts.filter((text) => /^[A-Z]+(?: [A-Z]+){1,5}$/.test(text));
  return privileges.length === 0 ? [] : [{ kind: 'privilege', revoked: false, privileges, resource: '*', ...grantees }];
}

/** `a, "b"`, `ROLE a`: names with nothing else between them. Undefined for anything else. */
function namesOf(head: readonly Token[]): readonly string[] | undefined {
  const named = head[0]?.text.toUpperCase() === 'ROLE' && head.length > 1 ? head.slice(1) : head;
  const isHost = (index: number): boolean => named[index]?.kind === 'symbol' && named[index]?.text === '@';
  const tokens = named.filter((_, index) => !isHost(index) && !isHost(index - 1));
  const names: string[] = [];
  for (const [index, token] of tokens.entries()) {
    const isComma = token.kind === 'symbol' && token.text === ',';
    if (isComma !== (index % 2 === 1)) return undefined;
    if (!isComma && token.kind === 'symbol') return undefined;
    if (!isComma) names.push(token.text);
  }
  return names.every((name) => /^[\p{L}_][\p{L}\p{N}_.$ -]{0,127}$/u.test(name)) ? names : undefined;
}

interface Tail {
  readonly delegable: boolean;
  /** Older versions of MySQL set a password with a grant. */
  readonly facts?: RoleFacts;
}

/** `WITH GRANT OPTION`, `WITH ADMIN OPTION`, in MySQL behind other options. */
function readTail(reader: Reader): Tail {
  let delegable = false;
  let facts: RoleFacts | undefined;
  while (!reader.done) {
    const option = reader.take('GRANT', 'OPTION') || reader.take('ADMIN', 'OPTION') || reader.take('ADMIN', 'TRUE');
    delegable ||= option;
    if (reader.take('IDENTIFIED')) facts = readIdentified(reader);
    else if (!option) reader.next();
  }
  return { delegable, ...defined({ facts }) };
}

/** `ALTER ROLE r ADD MEMBER u` (SQL Server), `ALTER GROUP r ADD USER u` (PostgreSQL). */
export function readMembers(reader: Reader, server: boolean): readonly Act[] {
  const { at } = reader;
  const shape = [reader.peek(1), reader.peek(2)].map((token) => token?.text.toUpperCase());
  if (shape[0] !== 'ADD' || (shape[1] !== 'MEMBER' && shape[1] !== 'USER')) return [];
  const role = reader.name();
  reader.next();
  reader.next();
  if (role === undefined) return [];
  return [{ kind: 'member', accounts: reader.accounts(), roles: [role], server, delegable: false, at }];
}

/** The items of a list in upper case, without what stands in brackets (columns). */
function listOf(tokens: readonly Token[]): readonly string[] {
  const items: string[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'symbol' && token.text === '(') depth += 1;
    else if (token.kind === 'symbol' && token.text === ')') depth -= 1;
    else if (depth === 0 && token.kind === 'symbol' && token.text === ',') items.push([]);
    else if (depth === 0 && token.kind === 'word') items.at(-1)?.push(token.text.toUpperCase());
  }
  return items.map((words) => words.join(' ')).filter((text) => text !== '');
}

const LONGEST = 200;

/** What a grant is on, as written: `ALL TABLES IN SCHEMA public`, `shop.*`, `DATABASE::shop`. */
function textOf(tokens: readonly Token[]): string {
  const text = tokens.reduce((all, token, index) => {
    const previous = tokens[index - 1];
    const touching = previous !== undefined && /[.:]/.test(`${previous.kind === 'symbol' ? previous.text : ''}`);
    const joins = touching || (token.kind === 'symbol' && /[.:,]/.test(token.text));
    const shown = token.kind === 'string' ? '?' : token.text;
    return all === '' || joins ? all + shown : `${all} ${shown}`;
  }, '');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
