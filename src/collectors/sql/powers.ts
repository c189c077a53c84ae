import type { PrivilegeTier } from '../../model/identity.ts';

/** Which list of facts a privilege belongs to, by the name of the attribute. */
export type Family =
  | 'escalationActions'
  | 'credentialActions'
  | 'dataActions'
  | 'permissionActions'
  | 'lateralActions'
  | undefined;

/** What a privilege, a role attribute or a membership is worth. */
export interface Power {
  readonly tier: PrivilegeTier;
  readonly family?: Family;
}

const power = (tier: PrivilegeTier, family?: Family): Power => (family === undefined ? { tier } : { tier, family });

/** Attributes of roles of PostgreSQL. https://www.postgresql.org/docs/current/role-attributes.html */
const ATTRIBUTES: Readonly<Record<string, Power>> = {
  SUPERUSER: power(0, 'escalationActions'),
  // Before version 16 it could grant itself every role but a superuser.
  CREATEROLE: power(1, 'escalationActions'),
  BYPASSRLS: power(2, 'dataActions'),
  REPLICATION: power(2, 'dataActions'),
  CREATEDB: power(3),
};

/** Roles that systems bring along, in lower case. */
const ROLES: Readonly<Record<string, Power>> = {
  pg_execute_server_program: power(0, 'lateralActions'),
  pg_write_server_files: power(0, 'escalationActions'),
  pg_read_server_files: power(1, 'credentialActions'),
  pg_write_all_data: power(1),
  pg_read_all_data: power(2, 'dataActions'),
  pg_maintain: power(2),
  pg_signal_backend: power(2),
  pg_create_subscription: power(2),
  pg_monitor: power(3),
  pg_read_all_settings: power(3),
  pg_read_all_stats: power(3),
  pg_stat_scan_tables: power(3),
  pg_checkpoint: power(3),
  pg_use_reserved_connections: power(3),
  rds_superuser: power(0, 'escalationActions'),
  cloudsqlsuperuser: power(0, 'escalationActions'),
  azure_pg_admin: power(0, 'escalationActions'),
  db_owner: power(1, 'permissionActions'),
  db_securityadmin: power(1, 'permissionActions'),
  db_accessadmin: power(1, 'permissionActions'),
  db_ddladmin: power(1),
  db_datawriter: power(1),
  db_datareader: power(2, 'dataActions'),
  accountadmin: power(0, 'escalationActions'),
  globalorgadmin: power(0, 'escalationActions'),
  orgadmin: power(0, 'escalationActions'),
  securityadmin: power(0, 'escalationActions'),
  useradmin: power(1, 'permissionActions'),
  sysadmin: power(1),
};

/** Fixed roles of a whole SQL Server. `sysadmin` there is more than Snowflake's role of that name. */
const SERVER_ROLES: Readonly<Record<string, Power>> = {
  sysadmin: power(0, 'escalationActions'),
  securityadmin: power(0, 'escalationActions'),
  serveradmin: power(1),
  setupadmin: power(1),
  processadmin: power(1),
  bulkadmin: power(2, 'dataActions'),
  dbcreator: power(2),
};

/** Privileges that are strong whatever they are on. */
const ALWAYS: Readonly<Record<string, Power>> = {
  SUPER: power(0, 'escalationActions'),
  'CREATE USER': power(0, 'permissionActions'),
  'GRANT OPTION': power(1, 'permissionActions'),
  SYSTEM_USER: power(0, 'escalationActions'),
  ROLE_ADMIN: power(0, 'permissionActions'),
  SET_USER_ID: power(0, 'lateralActions'),
  SET_ANY_DEFINER: power(0, 'lateralActions'),
  FILE: power(1, 'lateralActions'),
  'CONTROL SERVER': power(0, 'escalationActions'),
  'ALTER ANY LOGIN': power(0, 'permissionActions'),
  'ALTER ANY SERVER ROLE': power(0, 'permissionActions'),
  'IMPERSONATE ANY LOGIN': power(0, 'lateralActions'),
  IMPERSONATE: power(1, 'lateralActions'),
  'MANAGE GRANTS': power(0, 'permissionActions'),
  'ALTER ANY ROLE': power(1, 'permissionActions'),
  'ALTER ANY USER': power(1, 'permissionActions'),
  OWNERSHIP: power(1, 'permissionActions'),
  CONTROL: power(1, 'permissionActions'),
};

const READS = new Set(['SELECT', 'SHOW VIEW']);
const WRITES = new Set(['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'DROP', 'ALTER', 'CREATE', 'TRIGGER', 'REFERENCES']);
/** Tables that hold the passwords of other roles. */
const PASSWORDS =
  /(?:^|[\s.])(?:pg_authid|pg_shadow|pg_user_mapping|mysql\.(?:\*|user|global_priv)|sys\.sql_logins)\b|^mysql\.\*$/i;

export function powerOfAttribute(name: string): Power {
  return ATTRIBUTES[name] ?? power(3);
}

/** Undefined for a role of the user's own: what it may do stands elsewhere. */
export function powerOfRole(name: string, server: boolean): Power | undefined {
  const known = server ? SERVER_ROLES : ROLES;
  const key = name.toLowerCase();
  return Object.hasOwn(known, key) ? known[key] : undefined;
}

/** What a privilege on something is worth. Both as written, the privilege in upper case. */
export function powerOfPrivilege(privilege: string, resource: string): Power {
  if (PASSWORDS.test(resource)) return power(READS.has(privilege) ? 1 : 0, 'credentialActions');
  if (Object.hasOwn(ALWAYS, privilege)) return ALWAYS[privilege] ?? power(3);
  const everything = resource === '*.*';
  // All rights on a schema or a database of PostgreSQL are rights to create in it, not to what is there.
  const container = /^(?:DATABASE|SCHEMA)\b/i.test(resource);
  const many = everything || /\.\*$|^(?:ALL|FUTURE|TABLES|SEQUENCES|ACCOUNT)\b|^\*$/i.test(resource);
  if (privilege === 'ALL' && everything) return power(0, 'escalationActions');
  if (privilege === 'ALL' || WRITES.has(privilege)) return power(many && !container ? 1 : 2);
  if (READS.has(privilege)) return many || container ? power(2, 'dataActions') : power(3);
  return power(3);
}
