import type { Artifact } from '../../model/artifact.ts';
import type { DeclaredItem } from '../contract.ts';
import { collectClientFiles } from '../shared/client-files/client-file.ts';
import { readAws } from './aws.ts';
import { readAzure } from './azure.ts';
import { readGoogle } from './google.ts';
import { readerOf } from './names.ts';
import { readStorage } from './storage.ts';

const READERS = { aws: readAws, azure: readAzure, google: readGoogle, storage: readStorage };

/** Reads the files of cloud command lines. */
export function collectCloudClients(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  return collectClientFiles('cloud-clients', files, (file, drafts) => {
    const name = readerOf(file.path);
    return name === undefined ? [] : READERS[name](file, drafts);
  });
}
