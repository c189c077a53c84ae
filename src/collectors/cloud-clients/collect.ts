import type { Artifact } from '../../model/artifact.ts';
import type { DeclaredItem } from '../contract.ts';
import { collectClientFiles } from '../shared/client-files/client-file.ts';
import { readAws } from './aws.ts';
import { readGoogle } from './google.ts';
import { readerOf } from './names.ts';

/** Reads the files of cloud command lines. */
export function collectCloudClients(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  return collectClientFiles('cloud-clients', files, (file, drafts) =>
    readerOf(file.path) === 'aws' ? readAws(file, drafts) : readGoogle(file, drafts),
  );
}
