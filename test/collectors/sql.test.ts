import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import collector from '../../src/collectors/sql/index.ts';
import { statementsOf } from '../../src/collectors/sql/statements.ts';
import { tokensOf } from '../../src/collectors/sql/tokens.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { itRarely } from '../it-rarely.ts';
import { declare, declaredCase } from './declared.ts';
import { failedRules } from './failed-rules.ts';

const read = (text: string, path = 'db/roles.sql') => declare(collector, { [path]: text });
const facts = async (text: string, name: string) => (await read(text)).facts(name);
const names = async (text: string) => (await read(text)).identities.map(({ name }) => name).sort();

const POSTGRES = `-- roles of the shop
CREATE ROLE readers NOLOGIN;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO readers;
CREATE ROLE app WITH LOGIN PASSWORD 'correct-horse-9' IN ROLE readers;
CREATE USER boss SUPERUSER CREATEROLE PASSWORD :'boss_password' VALID UNTIL '2027-01-01';
GRANT ALL ON SCHEMA public TO PUBLIC;
GRANT pg_execute_server_program TO etl WITH ADMIN OPTION;
`;
const MYSQL = `CREATE USER IF NOT EXISTS 'app'@'%' IDENTIFIED BY 'correct-horse-9', 'job'@'10.1.2.3' IDENTIFIED BY '\${JOB}';
GRANT ALL PRIVILEGES ON *.* TO 'app'@'%' WITH GRANT OPTION;
GRANT SELECT, INSERT (id, name) ON \`shop\`.* TO 'job'@'10.1.2.3';
CREATE USER 'open'@'localhost';
`;
const SERVER = `IF NOT EXISTS (SELECT * FROM sys.server_principals WHERE name = N'app')
BEGIN
  CREATE LOGIN [app] WITH PASSWORD = N'correct-horse-9', CHECK_POLICY = OFF, CHECK_EXPIRATION = OFF
END
GO
CREATE USER [web] FOR LOGIN [app]
ALTER ROLE db_owner ADD MEMBER [web]
EXEC sp_addsrvrolemember N'app', N'sysadmin'
GO
CREATE PROCEDURE p AS BEGIN IF 1 = 1 BEGIN CREATE USER hidden WITHOUT LOGIN; END; GRANT SELECT ON t TO hidden2; END
GO
GRANT IMPERSONATE ON USER::boss TO web;
`;
const SNOWFLAKE = `create or replace user loader PASSWORD = 'correct-horse-9' DEFAULT_ROLE = LOADER MUST_CHANGE_PASSWORD = FALSE;
CREATE USER keyed RSA_PUBLIC_KEY = 'MIIB' TYPE = SERVICE;
GRANT ROLE ACCOUNTADMIN TO USER loader;
GRANT ROLE loader_role TO ROLE sysadmin_like;
GRANT ALL PRIVILEGES ON FUTURE TABLES IN DATABASE raw TO ROLE loader_role;
`;

describe('sql', () => {
  it('knows the roles that PostgreSQL brings along', async () => {
    expect(await facts('CREATE USER eyes;\nGRANT pg_monitor TO eyes;\n', 'eyes')).toMatchObject({ privilegeTier: 3 });
  });

  it('takes a row access policy for no grant', async () => {
    const policy =
      "create row access policy p on t\ngrant to (\n'{{ principal }}',\n'reader'\n)\nfilter using (not filter_value)\n";
    expect(await names(`{% macro access(filter_value) %}\n${policy}{% endmacro %}`)).toEqual([]);
  });

  it.each([
    ['db/roles.sql', true],
    ['init.PSQL', true],
    ['notes.md', false],
  ])('accepts %s: %s', (path, accepted) => {
    expect(collector.accepts(path)).toBe(accepted);
  });

  it.each([
    ['CREATE TABLE t (id int); INSERT INTO t VALUES (1);', false],
    ['create\n  role x;', true],
    ['GRANT SELECT ON t TO x;', true],
  ])('looks into a file before it is read: %j', (text, wanted) => {
    expect(collector.sniff(Buffer.from(text))).toBe(wanted);
  });

  it('reads roles of PostgreSQL, what they may do, and through which role', async () => {
    const all = await read(POSTGRES);
    expect(all.facts('app')).toMatchObject({
      canLogin: true,
      authMethod: 'password',
      plaintextValue: true,
      storage: 'plaintext_file',
      expiresAt: 'never',
      privilegeTier: 2,
      tierReasons: ['SELECT through readers on ALL TABLES IN SCHEMA public (db/roles.sql:3)'],
      escalationActions: [],
    });
    expect(all.facts('boss')).toMatchObject({
      privilegeTier: 0,
      plaintextValue: false,
      expiresAt: '2027-01-01T00:00:00.000Z',
      escalationActions: ['SUPERUSER', 'CREATEROLE'],
    });
    expect(all.facts('readers')).toMatchObject({
      canLogin: false,
      dataActions: ['SELECT on ALL TABLES IN SCHEMA public'],
    });
    expect(all.facts('PUBLIC')).toMatchObject({ publicAccess: true, privilegeTier: 2 });
    expect(all.facts('etl')).toEqual({
      privilegeTier: 0,
      tierReasons: expect.any(Array),
      lateralActions: ['member of pg_execute_server_program'],
      permissionActions: ['ADMIN OPTION on pg_execute_server_program'],
    });
    expect(all.named('app').evidence[0]?.location).toMatchObject({ startLine: 4, startColumn: 13 });
    expect(all.edges).toHaveLength(1);
    expect(all.named('readers').grants).toMatchObject([{ permission: 'SELECT', tier: 2, location: { startLine: 3 } }]);
  });

  it('reads users of MySQL with the hosts they may come from', async () => {
    const all = await read(MYSQL);
    expect(all.facts('app@%')).toMatchObject({
      networkRestricted: false,
      plaintextValue: true,
      privilegeTier: 0,
      permissionActions: ['GRANT OPTION on *.*'],
    });
    expect(all.facts('job@10.1.2.3')).toMatchObject({
      networkRestricted: true,
      plaintextValue: false,
      privilegeTier: 1,
    });
    expect(all.facts('open@localhost')).toMatchObject({ authMethod: 'none' });
    expect(all.named('job@10.1.2.3').grants.map(({ permission, resource }) => `${permission} ${resource}`)).toEqual([
      'SELECT shop.*',
      'INSERT shop.*',
    ]);
  });

  it('reads logins and members of SQL Server, without separators, and no bodies of procedures', async () => {
    const all = await read(SERVER);
    expect(await names(SERVER)).toEqual(['app', 'web']);
    expect(all.facts('app')).toMatchObject({
      passwordPolicy: false,
      expiresAt: 'never',
      plaintextValue: true,
      privilegeTier: 0,
    });
    expect(all.facts('web')).toMatchObject({ privilegeTier: 1, lateralActions: ['IMPERSONATE on USER::boss'] });
  });

  it('reads users and roles of Snowflake', async () => {
    const all = await read(SNOWFLAKE);
    expect(all.facts('loader')).toMatchObject({ plaintextValue: true, privilegeTier: 0 });
    expect(all.facts('loader')).not.toHaveProperty('expiresAt');
    expect(all.facts('keyed')).toMatchObject({ authMethod: 'key_pair' });
    expect(all.facts('sysadmin_like')).toMatchObject({ privilegeTier: 1 });
  });

  it.each([
    ['comments', '-- CREATE ROLE a;\n/* CREATE ROLE b; /* c */ CREATE ROLE d; */ CREATE ROLE e;', ['e']],
    ['strings', "SELECT 'it''s; CREATE ROLE a;'; CREATE ROLE b;", ['b']],
    ['a backslash at the end of a string', "SELECT 'C:\\'; CREATE ROLE b; SELECT 'x';", ['b']],
    ['backslashes of MySQL', "CREATE USER 'a'@'%' IDENTIFIED BY 'x\\'; CREATE USER y; --';", ['a@%']],
    [
      'bodies of functions',
      'CREATE FUNCTION f() RETURNS void AS $x$ CREATE ROLE a; $x$ LANGUAGE sql; CREATE ROLE b;',
      ['b'],
    ],
    [
      'blocks that are executed',
      'DO $$ BEGIN IF NOT EXISTS (SELECT 1) THEN CREATE ROLE a LOGIN; END IF; END $$;',
      ['a'],
    ],
    ['rows of a dump', 'COPY t (a) FROM stdin;\nGRANT SELECT ON x TO y;\n\\.\nCREATE ROLE b;', ['b']],
    ['lines of the client', "\\echo it's\n\\connect shop\nCREATE ROLE b;", ['b']],
    [
      'routines of MySQL',
      "DELIMITER $$\nCREATE PROCEDURE p() BEGIN IF 1 THEN GRANT ALL ON *.* TO 'x'@'%'; END IF; END$$\nDELIMITER ;\nCREATE USER 'b'@'%';",
      ['b@%'],
    ],
    ['what MySQL executes in comments', "/*!40101 CREATE USER 'b'@'%' */;", ['b@%']],
    ['templates of names', "CREATE ROLE ${name}; CREATE USER '{{ user }}'@'%'; CREATE ROLE b;", ['b']],
    ['lists over lines', 'GRANT\n  CREATE,\n  EXECUTE\nON SCHEMA s\nTO b\nWITH\nGRANT OPTION;', ['b']],
    ['default privileges', 'ALTER DEFAULT PRIVILEGES IN SCHEMA s\nGRANT SELECT ON TABLES TO b;', ['b']],
    [
      'other statements',
      'CREATE SERVER x; GRANT USAGE; CREATE ROLE; ALTER USER; GRANT TO; REVOKE ON FROM; CREATE ROLE b;',
      ['b'],
    ],
    ['a migration back', '-- +goose Up\nCREATE ROLE b;\n-- +goose Down\nCREATE ROLE c;', ['b']],
  ])('understands %s', async (_, text, wanted) => {
    const all = await read(text);
    expect(all.identities.map(({ name }) => name).sort()).toEqual(wanted);
    expect(all.gaps).toEqual([]);
  });

  it.each([
    ["CREATE ROLE a LOGIN PASSWORD 'md5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'", false],
    ["CREATE ROLE a LOGIN PASSWORD '{{ vault }}'", false],
    ["CREATE ROLE a LOGIN PASSWORD 'correct-horse-9'", true],
    ["CREATE ROLE a LOGIN ENCRYPTED PASSWORD E'correct\\'horse'", true],
    ['CREATE ROLE a LOGIN PASSWORD NULL', undefined],
    ['CREATE LOGIN a WITH PASSWORD = $(Password)', false],
  ])('%j holds a password: %s', async (text, literal) => {
    expect((await facts(text, 'a'))['plaintextValue']).toBe(literal);
  });

  it('takes back what a later migration revokes, and what is revoked in the same file', async () => {
    const all = await declare(collector, {
      'db/migrations/V2__grant.sql': 'GRANT ALL ON ALL TABLES IN SCHEMA s TO app; GRANT SELECT ON t TO app;',
      'db/migrations/V10__less.sql': 'REVOKE ALL ON ALL TABLES IN SCHEMA s FROM app;',
      'db/migrations/V10__less.down.sql': 'GRANT pg_write_all_data TO app;',
      'db/teardown.sql': 'REVOKE ALL ON t FROM app;',
    });
    expect(all.named('app').grants.map(({ resource }) => resource)).toEqual(['t']);
  });

  it('keeps roles of different databases apart, and joins those of one', async () => {
    const all = await declare(collector, {
      'shop/db/a/up.sql': 'CREATE ROLE app LOGIN;',
      'shop/db/b/up.sql': 'GRANT SELECT ON t TO APP;',
      'blog/db/up.sql': 'CREATE ROLE app SUPERUSER;',
    });
    expect(all.identities.map(({ id }) => id)).toEqual([
      'database:acme/shop:blog/db#app',
      'database:acme/shop:shop/db#app',
    ]);
    expect(all.identities[1]?.attributes['privilegeTier']?.value).toBe(3);
  });

  it.each([
    ["CREATE ROLE a;\nSELECT 'no end", 'db/roles.sql:2: a text or comment begins here'],
    ['CREATE ROLE a; /* no end', 'db/roles.sql:1: a text or comment'],
    [`GRANT ${'SELECT, '.repeat(20_000)} UPDATE ON t TO a`, 'too long'],
  ])('says what it cannot read', async (text, message) => {
    expect((await read(text)).gaps).toEqual([expect.stringContaining(message)]);
  });

  it('follows memberships in a circle once', async () => {
    const all = await read('GRANT a TO b; GRANT b TO a; GRANT c TO c; GRANT SELECT ON t TO a;');
    expect(all.facts('b')).toMatchObject({ privilegeTier: 3 });
  });

  it('reads any text to its end, in time, and never the same twice', () => {
    const piece = fc.constantFrom(
      "'",
      '"',
      '`',
      '$$',
      '$a$',
      '/*',
      '*/',
      '--',
      '\n',
      ';',
      '\\',
      '[',
      ']',
      'GRANT ',
      'CREATE ROLE ',
      'TO ',
      'x ',
      ' ',
      'BEGIN ',
      'END ',
      '(',
      ')',
      "E'",
      '\u{1F600}',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 200 }), fc.boolean(), fc.boolean(), (pieces, mysql, backslash) => {
        const text = pieces.join('');
        const tokens = [...tokensOf(text, { mysql, backslash }, { unclosed: undefined })];
        let at = -1;
        for (const token of tokens) {
          expect(token.at).toBeGreaterThan(at);
          at = token.at;
        }
        const kept = [...statementsOf(tokens, { tokens: undefined })].flat();
        expect(kept.length).toBeLessThanOrEqual(tokens.length);
      }),
    );
  });

  itRarely('is linear for texts made to be hard', async () => {
    const start = performance.now();
    for (const piece of ["'", '$a', '/*', '[a', '`x', 'GRANT ', '--\n', '\\\n', 'DO $$', "E'\\"]) {
      await read(`CREATE ROLE a;${piece.repeat(200_000)}`);
    }
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it('makes each of its rules fire, and leaves good files alone', async () => {
    const fired = await failedRules(collector, {
      'a/db.sql': POSTGRES,
      'b/db.sql': MYSQL,
      'c/db.sql': SERVER,
      'd/db.sql': 'GRANT SELECT ON pg_authid TO monitor;',
    });
    expect(fired.filter((id) => id.startsWith('database-'))).toEqual([
      'database-everyone-writes',
      'database-login-password-unchecked',
      'database-role-administrator',
      'database-role-any-host',
      'database-role-leaves-database',
      'database-role-passes-on-rights',
      'database-role-password-in-file',
      'database-role-password-never-expires',
      'database-role-reads-passwords',
      'database-role-without-password',
    ]);
    const good = `CREATE ROLE readers NOLOGIN;
GRANT USAGE ON SCHEMA shop TO readers;
GRANT SELECT ON ALL TABLES IN SCHEMA shop TO readers;
CREATE ROLE report LOGIN PASSWORD :'report_password' VALID UNTIL '2027-01-01' IN ROLE readers;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;`;
    const users =
      "CREATE USER 'web'@'10.1.%' IDENTIFIED BY '${WEB_PASSWORD}' REQUIRE SSL;\nGRANT SELECT, INSERT ON shop.orders TO 'web'@'10.1.%';";
    expect(await failedRules(collector, { 'a/db.sql': good, 'b/db.sql': users })).toEqual([]);
  });
});

collectorContract(collector, [
  declaredCase('roles of PostgreSQL', { 'db/roles.sql': POSTGRES }, { identities: 5, secrets: ['correct-horse-9'] }),
  declaredCase('users of MySQL', { 'db/users.sql': MYSQL }, { identities: 3, secrets: ['correct-horse-9'] }),
  declaredCase('logins of SQL Server', { 'db/logins.sql': SERVER }, { identities: 2, secrets: ['correct-horse-9'] }),
  declaredCase(
    'users of Snowflake, and no end',
    { 'a.sql': SNOWFLAKE, 'b.sql': "CREATE ROLE a; SELECT '" },
    { identities: 3 },
  ),
]);
