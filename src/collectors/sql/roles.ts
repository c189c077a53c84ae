import type { Account, Reader } from './reader.ts';

/** What a statement says of a role. Absent: nothing. */
export interface RoleFacts {
  readonly canLogin?: boolean;
  /** Attributes of PostgreSQL that it gives, such as SUPERUSER. */
  readonly given?: readonly string[];
  readonly authMethod?: 'password' | 'key_pair' | 'none';
  /** True: a password stands in the file as it is. False: a placeholder or a hash does. */
  readonly plaintextValue?: boolean;
  readonly expiresAt?: string;
  /** False: passwords of this login are not checked. */
  readonly passwordPolicy?: boolean;
  readonly status?: 'disabled';
  /** True: options that only PostgreSQL has. There, a password without an end date never expires. */
  readonly postgres?: boolean;
}

const ATTRIBUTES = new Set(['SUPERUSER', 'CREATEROLE', 'BYPASSRLS', 'REPLICATION', 'CREATEDB']);
const REFERENCE = /\$\{|\$\(|\{\{|\{%|<%|#\{|%\(|^[:@$%&]|^<.*>$|^[*x]+$|^your[-_ ]|^__.*__$/i;
const HASH = /^(?:md5[0-9a-f]{32}|SCRAM-SHA-256\$.*|\*[0-9A-F]{40}|\$[A0-9a-z]{1,4}\$.*)$/;

type Kind = 'ROLE' | 'USER' | 'LOGIN' | 'GROUP';

/** What is read of one role. */
export interface RoleOptions {
  readonly facts: RoleFacts;
  /** Roles that it becomes a member of. */
  readonly members: readonly string[];
}

/** Reads the options behind the name of a role, to the next role of the statement or its end. */
export function readRoleOptions(reader: Reader, kind: Kind, created: boolean, account: Account): RoleOptions {
  let facts: RoleFacts = created ? { canLogin: kind === 'USER' || kind === 'LOGIN' } : {};
  const members: string[] = [];
  while (!reader.done && !startsAccount(reader, kind, created)) {
    if (reader.take('IN', 'ROLE') || reader.take('IN', 'GROUP')) {
      members.push(...reader.accounts().map(({ name }) => name));
    } else facts = { ...facts, ...readOption(reader, facts) };
  }
  // A user of MySQL without a way to authenticate has an empty password.
  const open = created && kind === 'USER' && account.host !== undefined && facts.authMethod === undefined;
  return { facts: open ? { ...facts, authMethod: 'none' } : facts, members };
}

/** A comma stands between options (SQL Server), or before the next account (MySQL). */
function startsAccount(reader: Reader, kind: Kind, created: boolean): boolean {
  if (!reader.sees(',')) return false;
  const next = reader.peek(1)?.kind;
  return next === 'string' || next === 'name' || reader.peek(2)?.text === '@' || (created && kind === 'ROLE');
}

function readOption(reader: Reader, facts: RoleFacts): RoleFacts {
  const word = reader.word();
  if (word === undefined) {
    reader.next();
    return {};
  }
  const attribute = word.replace(/^NO(?=[A-Z])/, '');
  if (ATTRIBUTES.has(attribute)) return { ...give(facts, attribute, word === attribute), postgres: true };
  return (OPTIONS[word] ?? nothing)(reader);
}

function give(facts: RoleFacts, attribute: string, on: boolean): RoleFacts {
  const others = (facts.given ?? []).filter((name) => name !== attribute);
  return { given: on ? [...others, attribute] : others };
}

type Option = (reader: Reader) => RoleFacts;

const nothing: Option = () => ({});

const OPTIONS: Readonly<Record<string, Option>> = {
  LOGIN: () => ({ canLogin: true, postgres: true }),
  NOLOGIN: () => ({ canLogin: false, postgres: true }),
  // `FOR LOGIN name` of SQL Server: the name is no option.
  FOR: (reader) => (reader.take('LOGIN') ? skip(reader) : {}),
  WITHOUT: (reader) => (reader.take('LOGIN') ? { canLogin: false } : {}),
  ENCRYPTED: () => ({ postgres: true }),
  VALID: (reader) => (reader.take('UNTIL') ? readExpiry(reader) : {}),
  PASSWORD: readPassword,
  IDENTIFIED: readIdentified,
  RSA_PUBLIC_KEY: (reader) => (reader.take('=') ? { ...skip(reader), authMethod: 'key_pair' } : {}),
  CHECK_POLICY: (reader) => (reader.take('=', 'OFF') ? { passwordPolicy: false } : { passwordPolicy: true }),
  CHECK_EXPIRATION: (reader) => (reader.take('=', 'OFF') ? { expiresAt: 'never' } : {}),
  ACCOUNT: (reader) => (reader.take('LOCK') ? { status: 'disabled' } : {}),
  DISABLED: (reader) => (reader.take('=', 'TRUE') ? { status: 'disabled' } : {}),
  DISABLE: () => ({ status: 'disabled' }),
};

function skip(reader: Reader): RoleFacts {
  reader.next();
  return {};
}

function readExpiry(reader: Reader): RoleFacts {
  const text = reader.next()?.text ?? '';
  if (/^infinity$/i.test(text)) return { expiresAt: 'never', postgres: true };
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(`${text.slice(0, 10)}T00:00:00Z`) : Number.NaN;
  // Another form is a date as well: the role does expire, and when is not known.
  return Number.isNaN(time) ? {} : { expiresAt: new Date(time).toISOString(), postgres: true };
}

/** `PASSWORD 'x'`, `PASSWORD = 'x'`, `PASSWORD NULL`, `PASSWORD EXPIRE …` (MySQL). */
function readPassword(reader: Reader): RoleFacts {
  if (reader.take('EXPIRE')) return reader.take('NEVER') ? { expiresAt: 'never' } : {};
  const assigned = reader.take('=');
  if (reader.take('NULL')) return {};
  return { ...readValue(reader), ...(assigned ? {} : { postgres: true }) };
}

/** `IDENTIFIED BY 'x'`, `IDENTIFIED WITH plugin BY 'x'`, `IDENTIFIED VIA plugin USING 'hash'`. */
export function readIdentified(reader: Reader): RoleFacts {
  if (reader.take('BY')) {
    const hashed = reader.take('PASSWORD') || reader.take('VALUES');
    if (reader.take('RANDOM')) return { authMethod: 'password', plaintextValue: false };
    return hashed ? { ...skip(reader), authMethod: 'password', plaintextValue: false } : readValue(reader);
  }
  if (!reader.take('WITH') && !reader.take('VIA')) return {};
  const plugin = reader.name() ?? '';
  if (reader.take('BY'))
    return reader.take('RANDOM') ? { authMethod: 'password', plaintextValue: false } : readValue(reader);
  const hashed = /^(?:mysql_native_password|caching_sha2_password|sha256_password|ed25519)$/i.test(plugin);
  return hashed && (reader.take('AS') || reader.take('USING'))
    ? { ...skip(reader), authMethod: 'password', plaintextValue: false }
    : {};
}

/** What a password looks like. The text itself is never kept. */
function readValue(reader: Reader): RoleFacts {
  reader.take('N');
  const token = reader.peek();
  const isString = token?.kind === 'string' || token?.kind === 'name';
  if (!isString) return { authMethod: 'password', ...(token?.kind === 'symbol' ? { plaintextValue: false } : {}) };
  const { text } = token;
  reader.next();
  if (text === '') return { authMethod: 'none' };
  return { authMethod: 'password', plaintextValue: !REFERENCE.test(text) && !HASH.test(text) };
}
