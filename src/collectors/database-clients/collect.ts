import type { Artifact } from '../../model/artifact.ts';
import type { DeclaredItem } from '../contract.ts';
import { collectClientFiles, type ReadClientFile } from '../shared/client-files/client-file.ts';
import { readAddresses } from './addresses.ts';
import { type ReaderName, readerOf } from './names.ts';
import { readMysql, readServices } from './options.ts';
import { readPgpass } from './pgpass.ts';

const READERS: Readonly<Record<ReaderName, ReadClientFile>> = {
  pgpass: readPgpass,
  services: readServices,
  mysql: readMysql,
  addresses: readAddresses,
};

/** Reads the files of clients of databases. */
export function collectDatabaseClients(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  return collectClientFiles('database-clients', files, (file, drafts) => {
    const name = readerOf(file.path);
    return name === undefined ? [] : READERS[name](file, drafts);
  });
}
