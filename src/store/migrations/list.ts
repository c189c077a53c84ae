import type { Migration } from 'kysely';
import { up as tables } from './0001-tables.ts';

/** Every migration by its name, in order. Forward only: a store of a newer version is refused. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = Object.freeze({
  '0001-tables': { up: tables },
});
