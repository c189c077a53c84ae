/** The readers by name, and the paths of their files. */
const READERS = {
  pgpass: /(?:^|\/)(?:\.pgpass|pgpass\.conf)$/,
  services: /(?:^|\/)\.?pg_service\.conf$/,
  mysql: /(?:^|\/)\.?(?:my|mylogin)\.(?:cnf|ini)$/,
  addresses:
    /(?:^|\/)(?:\.env(?:\.[\w.-]+)?|[\w.-]+\.env|\.?(?:application|bootstrap|database|db|appsettings|settings|config|secrets?|alembic|hibernate)(?:[._-][\w.-]*)?\.(?:ya?ml|json|properties|ini|toml|conf|cfg)|[\w.-]+\.properties)$/i,
} as const;

export type ReaderName = keyof typeof READERS;

/** The systems by the schemes of their addresses. */
export const SYSTEMS: Readonly<Record<string, string>> = {
  amqp: 'rabbitmq',
  amqps: 'rabbitmq',
  clickhouse: 'clickhouse',
  cockroachdb: 'cockroach-labs',
  mariadb: 'mysql',
  mongodb: 'mongodb',
  'mongodb+srv': 'mongodb',
  mssql: 'mssql',
  mysql: 'mysql',
  mysql2: 'mysql',
  oracle: 'oracle',
  postgis: 'postgres',
  postgres: 'postgres',
  postgresql: 'postgres',
  redis: 'redis',
  rediss: 'redis',
  snowflake: 'snowflake',
  sqlserver: 'mssql',
};

export const SCHEMES: readonly string[] = Object.keys(SYSTEMS);

/** The reader of a file, by its path. */
export function readerOf(path: string): ReaderName | undefined {
  // Nearly all paths end in another way.
  if (!/(?:pass|env|conf|cnf|ini|ya?ml|json|properties|toml|cfg|\.env\.[^/]*)$/i.test(path)) return undefined;
  return (Object.keys(READERS) as ReaderName[]).find((name) => READERS[name].test(path));
}
