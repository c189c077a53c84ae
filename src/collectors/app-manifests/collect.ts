import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { DeclaredItem } from '../contract.ts';
import { type ClientFile, collectClientFiles } from '../shared/client-files/client-file.ts';
import type { Drafts } from '../shared/identity-drafts.ts';
import { readPlaced } from '../shared/placed-documents.ts';
import { readEntra } from './entra.ts';
import { type Kind, kindOf } from './kinds.ts';
import {
  type ReadManifest,
  readChrome,
  readConnect,
  readForge,
  readGithub,
  readGoogle,
  readScript,
  readSlack,
  readTeams,
} from './manifests.ts';
import { readPermissionSet } from './permission-set.ts';
import { readConnectedApp } from './salesforce.ts';
import { readShopify } from './shopify.ts';

const COLLECTOR = 'app-manifests';
const READERS: Readonly<Record<Kind, ReadManifest>> = {
  slack: readSlack,
  github: readGithub,
  entra: readEntra,
  google: readGoogle,
  script: readScript,
  chrome: readChrome,
  connect: readConnect,
  forge: readForge,
  teams: readTeams,
};

/** Reads manifests of apps. */
export function collectManifests(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  return collectClientFiles(COLLECTOR, files, (file, drafts) => {
    if (/\.toml$/i.test(file.path)) return readShopify(file, drafts);
    if (/\.(?:permissionset|profile)(?:-meta\.xml)?$/i.test(file.path)) return readPermissionSet(file, drafts);
    return /\.(?:xml|connectedApp)$/i.test(file.path) ? readConnectedApp(file, drafts) : readDocuments(file, drafts);
  });
}

/** A file that is damaged may be one of another program: it is a gap only where its name says what it is. */
async function readDocuments(file: ClientFile, drafts: Drafts): Promise<readonly Gap[]> {
  const { documents, gaps } = await readPlaced(COLLECTOR, { origin: file.origin, bytes: Buffer.from(file.text) });
  let known = false;
  for (const document of documents) {
    const kind = kindOf(document.value, file.path);
    if (kind === undefined) continue;
    known = true;
    READERS[kind](document, drafts);
  }
  const isTelling = /(?:slack|connect|appsscript|client_secret|app[-_]registration)[\w.-]{0,100}\.\w+$/i.test(
    file.path,
  );
  return known || isTelling ? gaps : [];
}
