import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { UsageError } from '../../model/errors.ts';

/** The one version that is tested. */
export const PGLITE_VERSION = '0.5.17';

const PACKAGE = '@electric-sql/pglite';

/** PGlite as it was found. */
export interface LoadedPGlite {
  readonly PGlite: typeof PGlite;
  /** File that a child process loads it from. */
  readonly file: string;
}

/**
 * Loads PGlite where the user installed it beside Bowerbird; `home` is the folder of the bundle. Never taken from the
 * folder that is scanned, and never bundled: it brings 27 MB.
 * @throws UsageError that names the command which installs it
 */
export function loadPGlite(home: string): LoadedPGlite {
  const require = createRequire(join(home, 'bowerbird.cjs'));
  const file = resolveOr(() => require.resolve(PACKAGE));
  if (file === undefined) {
    throw new UsageError(
      `A store in a folder needs the package PGlite. Run "npm install ${PACKAGE}@${PGLITE_VERSION}" beside ` +
        'Bowerbird, or use a server: --store postgres://user@host/database.',
    );
  }
  const loaded = require(file) as { readonly PGlite: typeof PGlite };
  return { PGlite: loaded.PGlite, file };
}

function resolveOr(resolve: () => string): string | undefined {
  try {
    return resolve();
  } catch {
    return undefined;
  }
}
