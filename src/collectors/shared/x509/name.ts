import { defined } from '../../../lib/fields/defined.ts';
import { childrenOf, childrenOfTag, type DerElement, readOid, TAG } from './der.ts';

/** A distinguished name: who a certificate is about, or who issued it. E-mail addresses are left out. */
export interface DistinguishedName {
  readonly commonName?: string;
  readonly organisations: readonly string[];
  /** `O=Acme, CN=api`, in the order of the certificate. */
  readonly text: string;
}

const LABELS: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
};
const UTF16_TAG = 30;
const MOST_PARTS = 50;
const LONGEST = 256;

/** Reads a name. Throws a `DerError` where it is none. */
export function readName(name: DerElement): DistinguishedName {
  const sets = childrenOfTag(name, TAG.sequence).slice(0, MOST_PARTS);
  const pairs = sets.flatMap((set) => childrenOfTag(set, TAG.set).slice(0, MOST_PARTS).flatMap(readPair));
  const common = pairs.find(([label]) => label === 'CN')?.[1];
  return {
    ...defined({ commonName: common }),
    organisations: pairs.filter(([label]) => label === 'O').map(([, value]) => value),
    text: pairs.map(([label, value]) => `${label}=${value}`).join(', '),
  };
}

function readPair(element: DerElement): readonly (readonly [label: string, value: string])[] {
  const [type, value] = childrenOf(element);
  const label = LABELS[readOid(type)];
  if (label === undefined || value === undefined) return [];
  const text = textOf(value);
  return text === '' || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? [] : [[label, text]];
}

function textOf({ tag, content }: DerElement): string {
  const bytes = content.subarray(0, 2 * LONGEST);
  const text =
    tag === UTF16_TAG
      ? Buffer.from(bytes.subarray(0, bytes.length & ~1))
          .swap16()
          .toString('utf16le')
      : bytes.toString('utf8');
  return text
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, LONGEST);
}
