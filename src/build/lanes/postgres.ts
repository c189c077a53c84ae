import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { listSearchPath, programIn } from '../../lib/system.ts';

/** Where Debian keeps the programs of each version, which it does not put into PATH. */
const DEBIAN = '/usr/lib/postgresql';
const NEEDED = ['initdb', 'pg_ctl', 'createdb'] as const;

/** The folder with the programs of a PostgreSQL server, the newest where there are several; undefined without one. */
export function findServer(env: NodeJS.ProcessEnv = process.env, debian: string = DEBIAN): string | undefined {
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...listSearchPath(env)];
  return folders.find((folder) => NEEDED.every((name) => existsSync(programIn(folder, name))));
}
