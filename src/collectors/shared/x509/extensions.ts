import { defined } from '../../../lib/fields/defined.ts';
import { childrenOf, childrenOfTag, type DerElement, DerError, readElement, readOid, TAG } from './der.ts';

/** What the extensions of a certificate say. Absent: it could not be read. */
export interface Extensions {
  readonly isCa?: boolean;
  /** `server`, `client`, `code`, `email`, `any`, ...; empty where the certificate does not limit its use. */
  readonly extendedUsages?: readonly string[];
  /** Host names and addresses that it stands for; e-mail addresses are left out. */
  readonly hosts?: readonly string[];
  /** A public authority issued it for a host: it has their policy or proofs of a public log. */
  readonly publicTls?: boolean;
}

const USAGES: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.3.1': 'server',
  '1.3.6.1.5.5.7.3.2': 'client',
  '1.3.6.1.5.5.7.3.3': 'code',
  '1.3.6.1.5.5.7.3.4': 'email',
  '1.3.6.1.5.5.7.3.8': 'time',
  '1.3.6.1.5.5.7.3.9': 'ocsp',
  '2.5.29.37.0': 'any',
};
const CONSTRAINTS = '2.5.29.19';
const EXTENDED_USAGE = '2.5.29.37';
const ALTERNATIVE_NAMES = '2.5.29.17';
const POLICIES = '2.5.29.32';
/** Signed certificate timestamps: the certificate was written to public logs (RFC 6962). */
const TIMESTAMPS = '1.3.6.1.4.1.11129.2.4.2';
/** Policies of the CA/Browser Forum: extended, domain, organisation and individual validation. */
const PUBLIC_POLICY = /^2\.23\.140\.1\.(?:1|2\.[123])$/;
const MOST_NAMES = 100;

/** Reads the extensions. A damaged one is named in `problem`, and what it would say is absent. */
export function readExtensions(wrapper: DerElement | undefined): Extensions & { readonly problem?: string } {
  let problem: string | undefined;
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof DerError)) throw error;
      problem ??= error.message;
      return undefined;
    }
  };
  const values = attempt(() => listExtensions(wrapper));
  if (values === undefined) return defined({ problem });
  const under = <T>(oid: string, absent: T, read: (element: DerElement) => T): T | undefined => {
    const bytes = values.get(oid);
    return bytes === undefined ? absent : attempt(() => read(readElement(bytes)));
  };
  const isCa = under(CONSTRAINTS, false, readConstraints);
  const extendedUsages = under(EXTENDED_USAGE, [], readUsages);
  const hosts = under(ALTERNATIVE_NAMES, [], readHosts);
  const policies = under(POLICIES, [], readPolicies);
  const publicTls = isPublic(values.has(TIMESTAMPS), policies, extendedUsages, isCa);
  return defined({ isCa, extendedUsages, hosts, publicTls, problem });
}

function isPublic(
  logged: boolean,
  policies: readonly string[] | undefined,
  usages: readonly string[] | undefined,
  isCa: boolean | undefined,
): boolean | undefined {
  if (policies === undefined || usages === undefined || isCa === undefined) return undefined;
  return !isCa && usages.includes('server') && (logged || policies.some((policy) => PUBLIC_POLICY.test(policy)));
}

function listExtensions(wrapper: DerElement | undefined): ReadonlyMap<string, Buffer> {
  if (wrapper === undefined) return new Map();
  const values = new Map<string, Buffer>();
  for (const extension of childrenOfTag(childrenOf(wrapper)[0], TAG.sequence)) {
    const parts = childrenOfTag(extension, TAG.sequence);
    const value = parts.at(-1);
    if (value?.tag !== TAG.octets) throw new DerError('has no value');
    values.set(readOid(parts[0]), value.content);
  }
  return values;
}

function readConstraints(element: DerElement): boolean {
  const [first] = childrenOfTag(element, TAG.sequence);
  return first?.tag === TAG.boolean && first.content[0] !== 0;
}

function readUsages(element: DerElement): readonly string[] {
  return childrenOfTag(element, TAG.sequence).map((child) => {
    const oid = readOid(child);
    return USAGES[oid] ?? oid;
  });
}

const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;
const URI = 0x86;

function readHosts(element: DerElement): readonly string[] {
  return childrenOfTag(element, TAG.sequence)
    .slice(0, MOST_NAMES)
    .flatMap(({ tag, content }) => {
      const text = content
        .subarray(0, 256)
        .toString('latin1')
        .replace(/[^\x21-\x7e]/g, '');
      if (tag === DNS_NAME || (tag === URI && text.startsWith('spiffe://'))) return text === '' ? [] : [text];
      return tag === IP_ADDRESS && content.length === 4 ? [[...content].join('.')] : [];
    });
}

function readPolicies(element: DerElement): readonly string[] {
  return childrenOfTag(element, TAG.sequence).map((policy) => readOid(childrenOfTag(policy, TAG.sequence)[0]));
}
