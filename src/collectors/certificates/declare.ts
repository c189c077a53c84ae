import type { ClientFile } from '../shared/client-files/client-file.ts';
import { isTestPath } from '../shared/client-files/example.ts';
import { environmentOf } from '../shared/client-files/hosts.ts';
import { addKey, type Draft, type Drafts, type Facts, setFacts } from '../shared/identity-drafts.ts';
import type { CertificateFacts } from '../shared/x509/certificate.ts';
import type { KeyPrints } from './keys.ts';
import { publicLifetimeLimit } from './public-lifetime.ts';

/** A certificate in the inventory, and its public key. */
export interface PlacedCertificate {
  readonly draft: Draft;
  readonly facts: CertificateFacts;
}

const MASTERS = 'system:masters';
const HOSTS_NAMED = 20;

/** Adds a certificate. The same certificate in several files is one identity. */
export function addCertificate(
  file: ClientFile,
  drafts: Drafts,
  facts: CertificateFacts,
  line: number,
  lastLine: number,
): PlacedCertificate {
  const id = `certificate:${facts.thumbprint}`;
  const name = facts.commonName ?? facts.hosts?.[0] ?? `certificate ${facts.serial}`;
  const head = { id, type: 'x509_certificate', provider: 'x509', name, account: facts.issuer || file.repository };
  const draft = drafts.identity(head, file.evidence(line, lastLine));
  setFacts(draft, certificateFacts(facts, file, line), file.path);
  addKey(draft, 'certificate-thumbprint', facts.thumbprint);
  addKey(draft, 'public-key-fingerprint', facts.publicKeyFingerprint);
  for (const host of (facts.hosts ?? []).slice(0, HOSTS_NAMED)) {
    // A certificate of SPIRE stands for a workload: whoever declares that has it as a credential.
    if (host.startsWith('spiffe://'))
      drafts.edge(id, 'has-credential', { kind: 'spiffe-id', value: host }, file.evidence(line), true);
    else addKey(draft, 'host', host.toLowerCase());
  }
  return { draft, facts };
}

function certificateFacts(facts: CertificateFacts, file: ClientFile, line: number): Facts {
  const { isCa, extendedUsages, publicTls, organisations, notBefore, notAfter, lifetimeDays } = facts;
  const isMaster = organisations.includes(MASTERS) && (extendedUsages ?? []).includes('client');
  const power = {
    privilegeTier: 0,
    tierReasons: [`client certificate with O=${MASTERS} (${file.path}:${line})`],
  };
  const tooLong = publicTls === undefined ? undefined : publicTls && lifetimeDays > publicLifetimeLimit(notBefore);
  return {
    authMethod: 'certificate',
    createdAt: notBefore,
    // Year 9999: the certificate has no end (RFC 5280, 4.1.2.5).
    expiresAt: notAfter.startsWith('9999') ? 'never' : notAfter,
    lifetimeDays,
    groups: organisations,
    keyType: facts.keyType,
    keyBits: facts.keyBits,
    signatureHash: facts.signatureHash,
    selfSigned: facts.selfSigned,
    isAuthority: isCa,

    overPublicLifetime: tooLong,
    ...(isMaster ? power : {}),
  };
}

/**
 * Sets what only all files together tell: whether the private key lies in the repository (where keys could not be read
 * nobody knows), and whether the certificate is one of tests.
 */
export function setLateFacts({ draft, facts }: PlacedCertificate, keys: KeyPrints): void {
  const sources = draft.evidence.map(({ source }) => source);
  const [first = ''] = sources;
  const named = environmentOf(facts.commonName, ...(facts.hosts ?? []).slice(0, HOSTS_NAMED));
  setFacts(draft, { environment: sources.every(isTestPath) ? 'test' : named }, first);
  const path = keys.places.get(facts.publicKeyFingerprint);
  if (path !== undefined) setFacts(draft, { privateKeyCommitted: true, storage: 'plaintext_file' }, path);
  else if (keys.unread === 0) setFacts(draft, { privateKeyCommitted: false }, first);
}

/** Adds a list of trusted authorities. They belong to others, so each is no entry of its own. */
export function addTrustStore(file: ClientFile, drafts: Drafts): void {
  const id = `trust-store:${file.repository}:${file.path}`;
  const head = { id, type: 'trust_store', provider: 'x509', name: file.path, account: file.repository };
  drafts.identity(head, file.evidence(1));
}
