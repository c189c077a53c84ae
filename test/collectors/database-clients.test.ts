import { describe, expect, it } from 'vitest';
import collector from '../../src/collectors/database-clients/index.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { declare, declaredCase } from './declared.ts';
import { firedRules } from './shared/fired-rules.ts';

const SECRET = 'q7Lm2xAw9ZtR4c';
const PGPASS = `# host:port:database:user:password
db.prod.acme.io:5432:shop:billing:${SECRET}
localhost:*:*:app:${SECRET}
*:*:*:migrate\\:r:a\\:b${SECRET}
broken:5432
`;
const SERVICES = `[shop]
host=db.prod.acme.io
user=reporting
dbname=shop
sslmode=prefer
[local]
host=/var/run/postgresql
user=kim
`;
const MY_CNF = `[client]
user = backup
password = "${SECRET}"
host = mysql.acme.io
ssl-mode = VERIFY_IDENTITY
[mysqld]
user = mysql
!includedir /etc/mysql/conf.d
[mysqldump]
user = root
password = \${MYSQL_PASSWORD}
`;
const ENV = `# postgres://old:${SECRET}@gone.acme.io/x
DATABASE_URL=postgres://billing:${SECRET}@db.prod.acme.io:5432/shop?sslmode=disable
REPLICA_URL=postgres://billing@replica.acme.io/shop
MONGO=mongodb+srv://worker:\${MONGO_PASSWORD}@cluster0.acme.mongodb.net/shop
CACHE=redis://:${SECRET}@cache.acme.io:6379
LOCAL=postgres://postgres:postgres@localhost/dev
DOCS=postgres://user:password@host:5432/db
OTHER=postgres://\${DB_USER}:\${DB_PASSWORD}@db.prod.acme.io/shop
`;
const PROPERTIES = `spring.datasource.url=jdbc:sqlserver://sql.acme.io:1433;databaseName=shop;user=sa;password=${SECRET};encrypt=false\n`;

const rolesOf = async (path: string, text: string) =>
  (await declare(collector, { [path]: text })).identities.map(({ id, provider, evidence }) => [
    id,
    provider,
    evidence[0]?.location?.startLine,
  ]);

describe('database-clients', () => {
  it.each([
    ['.pgpass', true],
    ['home/pgpass.conf', true],
    ['.pg_service.conf', true],
    ['.my.cnf', true],
    ['my.ini', true],
    ['.env', true],
    ['.env.production', true],
    ['config/database.yml', true],
    ['src/main/resources/application-prod.properties', true],
    ['appsettings.Production.json', true],
    ['.pgpass.sample', true],
    ['src/index.ts', false],
    ['package.json', false],
    ['environment.ts', false],
  ])('accepts %s: %s', (path, accepted) => {
    expect(collector.accepts(path)).toBe(accepted);
  });

  it('looks at settings only where an address of a database stands in them', () => {
    expect(collector.sniff?.(Buffer.from(ENV), '.env')).toBe(true);
    expect(collector.sniff?.(Buffer.from('A=https://acme.io'), '.env')).toBe(false);
    expect(collector.sniff?.(Buffer.from('a:b'), '.pgpass')).toBe(true);
  });

  it.each([
    [
      '.pgpass',
      PGPASS,
      [
        ['database:db.prod.acme.io:billing', 'postgres', 2],
        ['database:acme/shop:.pgpass:localhost:app', 'postgres', 3],
        ['database:acme/shop:.pgpass:*:migrate:r', 'postgres', 4],
      ],
    ],
    [
      'pg_service.conf',
      SERVICES,
      [
        ['database:db.prod.acme.io:reporting', 'postgres', 1],
        ['database:acme/shop:pg_service.conf:localhost:kim', 'postgres', 6],
      ],
    ],
    [
      '.my.cnf',
      MY_CNF,
      [
        ['database:mysql.acme.io:backup', 'mysql', 1],
        ['database:acme/shop:.my.cnf:localhost:root', 'mysql', 9],
      ],
    ],
    [
      '.env',
      ENV,
      [
        ['database:db.prod.acme.io:billing', 'postgres', 2],
        ['database:replica.acme.io:billing', 'postgres', 3],
        ['database:cluster0.acme.mongodb.net:worker', 'mongodb', 4],
      ],
    ],
    ['application.properties', PROPERTIES, [['database:sql.acme.io:sa', 'mssql', 1]]],
  ])('reads %s: system, user and host, with their line', async (path, text, expected) => {
    expect(await rolesOf(path, text)).toEqual(expected);
  });

  it('says whether the password stands there, whose role it is, and how the server is checked', async () => {
    const { facts, named } = await declare(collector, { '.env': ENV, 'application.properties': PROPERTIES });
    expect(facts('billing@db.prod.acme.io')).toEqual({
      authMethod: 'password',
      plaintextValue: true,
      storage: 'plaintext_file',
      resourceScope: 'selected',
      environment: 'production',
      tlsVerified: false,
    });
    expect(named('billing@db.prod.acme.io').keys).toEqual([
      { kind: 'host', value: 'db.prod.acme.io' },
      { kind: 'database-role', value: 'billing@db.prod.acme.io' },
    ]);
    expect(facts('billing@replica.acme.io')).toEqual({ resourceScope: 'selected' });
    expect(facts('worker@cluster0.acme.mongodb.net')).toMatchObject({ plaintextValue: false });
    expect(facts('sa@sql.acme.io')).toMatchObject({ isAdministrator: true, tlsVerified: false });
  });

  it('names what it could not read', async () => {
    const { gaps } = await declare(collector, { '.pgpass': PGPASS, '.my.cnf': '[client]\n= x\n' });
    expect(gaps).toEqual([
      '.pgpass:5: fewer than five fields, so nothing of the line was read',
      '.my.cnf:2: no section, no name with a value',
    ]);
    const many = Array.from({ length: 600 }, (_, index) => `U=postgres://app${index}@db.acme.io/x`).join('\n');
    expect((await declare(collector, { '.env': many })).gaps).toEqual([
      '.env:501: only 500 addresses were read; split the file',
    ]);
  });

  it('takes hostile lines in linear time', async () => {
    const text = `A=${'postgres://a:'.repeat(700)}\n`.repeat(200);
    const start = performance.now();
    await declare(collector, { '.env': text });
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

describe('rules about roles in files of clients', () => {
  it('fire for passwords in files, and servers that nobody checks', async () => {
    expect(await firedRules(collector, { '.env': ENV, '.my.cnf': MY_CNF })).toEqual([
      'client-tls-unverified: billing@db.prod.acme.io',
      'database-role-password-in-file: backup@mysql.acme.io',
      'database-role-password-in-file: billing@db.prod.acme.io',
    ]);
  });

  it('stay silent about references and roles without a password', async () => {
    const good = 'DATABASE_URL=postgres://billing:${PASSWORD}@db.acme.io/shop?sslmode=verify-full\n';
    expect(await firedRules(collector, { '.env': good })).toEqual([]);
  });
});

collectorContract(collector, [
  declaredCase(
    'a file of each kind',
    { '.pgpass': PGPASS, 'pg_service.conf': SERVICES, '.my.cnf': MY_CNF, '.env': ENV, 'a.properties': PROPERTIES },
    { identities: 9, secrets: [SECRET] },
  ),
  declaredCase('broken', { '.pgpass': ':::\\', '.my.cnf': '[[[\n= =', '.env': 'postgres://@:/\npostgres://%ZZ@h' }),
]);
