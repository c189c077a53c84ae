const HEAD = 12;
const CERTIFICATE = 2;
/** A date, which each entry has behind its name. */
const DATE = 8;
/** Most entries that are looked at. */
const MOST_ENTRIES = 10_000;

/**
 * True unless a store of Java (JKS, JCEKS) holds certificates alone: then it says whom to trust, and nobody can log in
 * with it. The kinds of its entries are not encrypted. What is cut off may hold keys.
 */
export function mayHoldKeys(bytes: Buffer): boolean {
  if (bytes.length < HEAD) return true;
  const version = bytes.readUInt32BE(4);
  const count = bytes.readUInt32BE(8);
  if (count === 0 || count > MOST_ENTRIES) return true;
  let at = HEAD;
  for (let entry = 0; entry < count; entry++) {
    const next = afterCertificate(bytes, at, version);
    if (next === undefined) return true;
    at = next;
  }
  return false;
}

/** Where the entry behind a certificate starts; undefined for another kind of entry, or none. */
function afterCertificate(bytes: Buffer, start: number, version: number): number | undefined {
  if (start + 4 > bytes.length || bytes.readUInt32BE(start) !== CERTIFICATE) return undefined;
  let at: number | undefined = afterText(bytes, start + 4);
  if (at !== undefined) at += DATE;
  // Since version 2 the kind of the certificate is named.
  if (at !== undefined && version >= 2) at = afterText(bytes, at);
  if (at === undefined || at + 4 > bytes.length) return undefined;
  const end = at + 4 + bytes.readUInt32BE(at);
  return end <= bytes.length ? end : undefined;
}

function afterText(bytes: Buffer, at: number): number | undefined {
  return at + 2 > bytes.length ? undefined : at + 2 + bytes.readUInt16BE(at);
}
