import type { Identity, JoinKey } from '../model/identity.ts';
import type { SecretGroup } from './groups.ts';

/**
 * Gives a private key the thumbprints of the certificates that have its public half. Who lists a certificate by its
 * thumbprint alone, as Entra does, is found by that.
 */
export function addThumbprints(
  groups: readonly SecretGroup[],
  identities: readonly Identity[],
): readonly SecretGroup[] {
  const thumbprints = indexThumbprints(identities);
  if (thumbprints.size === 0) return groups;
  return groups.map((group) => {
    const keys = group.keys.flatMap((key) => (key.kind === PUBLIC_HALF ? (thumbprints.get(key.value) ?? []) : []));
    return keys.length === 0 ? group : { ...group, keys: [...group.keys, ...keys] };
  });
}

const PUBLIC_HALF = 'public-key-fingerprint';
const THUMBPRINT = 'certificate-thumbprint';
/** Certificates of one key: it is used again at each renewal. */
const MOST_CERTIFICATES = 50;

function indexThumbprints(identities: readonly Identity[]): ReadonlyMap<string, readonly JoinKey[]> {
  const index = new Map<string, JoinKey[]>();
  for (const { keys } of identities) {
    const print = keys.find(({ kind }) => kind === PUBLIC_HALF)?.value;
    const thumbprint = keys.find(({ kind }) => kind === THUMBPRINT);
    if (print === undefined || thumbprint === undefined) continue;
    const known = index.get(print) ?? [];
    index.set(print, known);
    if (known.length < MOST_CERTIFICATES) known.push(thumbprint);
  }
  return index;
}
