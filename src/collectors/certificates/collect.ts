import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { DeclaredItem } from '../contract.ts';
import { type ClientFile, collectClientFiles } from '../shared/client-files/client-file.ts';
import type { Drafts } from '../shared/identity-drafts.ts';
import { readCertificate } from '../shared/x509/certificate.ts';
import { type PemBlock, readPem } from '../shared/x509/pem.ts';
import { addCertificate, addTrustStore, type PlacedCertificate, setLateFacts } from './declare.ts';
import { type KeyPrints, noteKey } from './keys.ts';

const COLLECTOR = 'certificates';
const MOST_CERTIFICATES = 2000;
/** A file of so many authorities lists whom a client trusts. */
const TRUST_STORE = 10;
const LABELS = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE']);

/** Reads the certificates and keys of all files, then says which belong together. */
export async function* collectCertificates(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const keys: KeyPrints = { places: new Map(), read: 0, unread: 0 };
  const placed: PlacedCertificate[] = [];
  let drafts: Drafts | undefined;
  const read = (file: ClientFile, all: Drafts): readonly Gap[] => {
    drafts = all;
    return readFile(file, all, placed, keys);
  };
  for await (const item of collectClientFiles(COLLECTOR, files, read)) {
    if (item.kind === 'identity' || item.kind === 'edge') continue;
    yield item;
  }
  for (const certificate of placed) setLateFacts(certificate, keys);
  if (drafts !== undefined) yield* drafts.collected();
}

interface Found {
  readonly der: Buffer | undefined;
  readonly line: number;
  readonly lastLine: number;
}

function readFile(file: ClientFile, drafts: Drafts, placed: PlacedCertificate[], keys: KeyPrints): readonly Gap[] {
  const blocks = readPem(file.text);
  for (const block of blocks) noteKey(keys, block, file.path);
  const certificates = listCertificates(file, blocks);
  const gaps: Gap[] = [];
  const readable = certificates.slice(0, MOST_CERTIFICATES).flatMap(({ der, line, lastLine }) => {
    if (der === undefined) gaps.push(file.gap(line, 'the certificate is no base64, or does not end'));
    const { facts, problem } = der === undefined ? {} : readCertificate(der);
    if (problem !== undefined) gaps.push(file.gap(line, problem));
    return facts === undefined ? [] : [{ facts, line, lastLine }];
  });
  if (certificates.length > MOST_CERTIFICATES) {
    gaps.push(file.gap(1, `only the first ${MOST_CERTIFICATES} certificates were read; split the file`, 'limit'));
  }
  if (readable.length >= TRUST_STORE && readable.every(({ facts }) => facts.isCa === true)) addTrustStore(file, drafts);
  else
    for (const { facts, line, lastLine } of readable) placed.push(addCertificate(file, drafts, facts, line, lastLine));
  return gaps;
}

/** PEM blocks, or the whole file where it is DER. */
function listCertificates(file: ClientFile, blocks: readonly PemBlock[]): readonly Found[] {
  const inText = blocks.filter(({ label }) => LABELS.has(label));
  if (blocks.length > 0) return inText.map(({ der, line, lastLine }) => ({ der, line, lastLine }));
  const isDer = file.bytes[0] === 0x30 && (file.bytes[1] ?? 0) >= 0x80 && /\.(?:der|cer|crt|cert)$/i.test(file.path);
  return isDer ? [{ der: Buffer.from(file.bytes), line: 1, lastLine: 1 }] : [];
}
