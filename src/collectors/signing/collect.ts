import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { DeclaredItem } from '../contract.ts';
import { type ClientFile, collectClientFiles } from '../shared/client-files/client-file.ts';
import { isTestPath } from '../shared/client-files/example.ts';
import { type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { readFirebase } from './firebase.ts';
import { mayHoldKeys } from './java-store.ts';
import { readerOf } from './names.ts';
import { addProfile } from './profile.ts';

const JKS = 'feedfeed';
const JCEKS = 'cececece';
const SEQUENCE = 0x30;
/** The version of PKCS #12, which is the first value of every store: INTEGER 3. */
const PKCS12_VERSION = '020103';

/** Reads files that programs are signed with. */
export function collectSigning(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  return collectClientFiles('signing', files, (file, drafts) => {
    const reader = readerOf(file.path);
    if (reader === 'store') return addStore(file, drafts);
    return reader === 'profile' ? addProfile(file, drafts) : readFirebase(file, drafts);
  });
}

/** Adds a store of keys. What is in it, nobody knows without its password, but whether there are keys at all. */
function addStore(file: ClientFile, drafts: Drafts): readonly Gap[] {
  const bytes = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length);
  const format = formatOf(bytes);
  if (format === undefined || (format === 'jks' && !mayHoldKeys(bytes))) return [];
  const id = `key-store:${file.repository}:${file.path}`;
  const head = { id, type: 'key_store', provider: format, name: file.path, account: file.repository };
  const facts = {
    authMethod: 'key_pair',
    storage: 'encrypted_file',
    // Every installation of the Android tools makes a debug store with the same known password.
    environment: isTestPath(file.path) || /(?:^|\/)debug\.keystore$/.test(file.path) ? 'test' : undefined,
  };
  setFacts(drafts.identity(head, file.evidence(1)), facts, file.path);
  return [];
}

/** By its first bytes: an ending says little. */
function formatOf(bytes: Buffer): string | undefined {
  const start = bytes.toString('hex', 0, 4);
  if (start === JKS || start === JCEKS) return 'jks';
  return bytes[0] === SEQUENCE && bytes.toString('hex', 2, 16).includes(PKCS12_VERSION) ? 'pkcs12' : undefined;
}
