import type { Kysely } from 'kysely';
import { UsageError } from '../model/errors.ts';
import type { StoreOptions, StorePlace, StoreWorld } from './contract.ts';
import { migrate, requireCurrent } from './migrate.ts';
import { openFolder } from './pglite/open.ts';
import { parsePlace } from './place.ts';
import { openServer } from './postgres/open.ts';
import type { Schema } from './schema.ts';

/** An open store. The functions of this room take its `db`. */
export interface Store {
  readonly place: StorePlace;
  readonly db: Kysely<Schema>;
  /** Gives back the folder, or the connections. May be called twice. */
  readonly close: () => Promise<void>;
}

/**
 * Opens a store, and makes or migrates it first where that is needed. A folder belongs to this process until `close`.
 * @throws UsageError for what the user can mend: the place, a password in it, a holder, a version, a missing package
 */
export async function openStore(options: StoreOptions, world: StoreWorld): Promise<Store> {
  const place = parsePlace(options.place, world.cwd);
  if (place.kind === 'server' && options.builtInKey) throw refuseBuiltInKey();
  const { db, close } =
    place.kind === 'folder'
      ? await openFolder(place.folder, world)
      : await openServer(place.address, options.connections);
  try {
    await (options.use === 'read' ? requireCurrent(db) : migrate(db));
  } catch (error) {
    await close();
    throw error;
  }
  let closing: Promise<void> | undefined;
  const closeOnce = (): Promise<void> => {
    closing ??= close();
    return closing;
  };
  return { place, db, close: closeOnce };
}

/** Who knows the key and reads the store could try likely values of a weak password against a fingerprint. */
function refuseBuiltInKey(): UsageError {
  return new UsageError(
    'A shared store needs a fingerprint key of your own: with the built-in one, everybody who reads the store could ' +
      'test guesses. Make one with "openssl rand -hex 32", keep it with your secrets, and set BOWERBIRD_FINGERPRINT_KEY.',
  );
}
