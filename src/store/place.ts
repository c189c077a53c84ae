import { resolve } from 'node:path';
import { UsageError } from '../model/errors.ts';
import type { StorePlace } from './contract.ts';

const SERVER = /^postgres(?:ql)?:/i;
const OTHER_SCHEME = /^[a-z][a-z0-9+.-]+:\/\//i;

/**
 * Says where a store is: a folder, or a server. The address of a server is what messages and the process list show, so
 * a password in it is refused, whether it came from a flag or a variable.
 * @throws UsageError with what to write instead
 */
export function parsePlace(place: string, cwd: string): StorePlace {
  if (place.trim() === '') throw new UsageError('--store is empty. Name a folder, or postgres://user@host/database.');
  if (SERVER.test(place)) return { kind: 'server', address: checkAddress(place) };
  if (OTHER_SCHEME.test(place)) {
    throw new UsageError(
      '--store takes a folder, or an address that begins with postgres://. Other databases are not supported.',
    );
  }
  return { kind: 'folder', folder: resolve(cwd, place) };
}

function checkAddress(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^postgres(?:ql)?:\/\//i.test(address)) {
    throw new UsageError('--store holds no valid address. Write postgres://user@host:5432/database.');
  }
  const names = [...url.searchParams.keys()].map((name) => name.toLowerCase());
  if (url.password !== '' || names.some((name) => name.includes('password'))) throw refusePassword(url);
  if (url.pathname.length < 2) {
    throw new UsageError('--store names no database. Write postgres://user@host:5432/database.');
  }
  return address;
}

/** Says what to write, with all of the address but the password. */
function refusePassword(url: URL): UsageError {
  const shown = new URL(url);
  shown.password = '';
  shown.search = '';
  return new UsageError(
    `--store and BOWERBIRD_STORE take no password: other users see it in the process list, and logs keep it. ` +
      `Write ${shown.href}, and give the password in the variable PGPASSWORD, or in ~/.pgpass ` +
      '(a line "host:port:database:user:password", readable by you alone).',
  );
}
