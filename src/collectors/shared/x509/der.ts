/** An element of DER (X.690): its tag, all of its bytes, and its content. */
export interface DerElement {
  readonly tag: number;
  readonly all: Buffer;
  readonly content: Buffer;
}

/** What cannot be read as DER. Only the readers of this folder see it. */
export class DerError extends Error {}

export const TAG = { integer: 2, bits: 3, octets: 4, oid: 6, boolean: 1, utcTime: 23, sequence: 48, set: 49 } as const;

const LONGEST_LENGTH = 4;

/** Reads the element at an offset. Throws a `DerError` where the bytes are no whole element. */
export function readElement(bytes: Buffer, at = 0): DerElement {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined) throw new DerError('ends inside of an element');
  if ((tag & 0x1f) === 0x1f) throw new DerError('has a tag of several bytes');
  let start = at + 2;
  let length = first;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > LONGEST_LENGTH || start + count > bytes.length) throw new DerError('has a wrong length');
    length = bytes.readUIntBE(start, count);
    start += count;
  }
  if (start + length > bytes.length) throw new DerError('ends inside of an element');
  return { tag, all: bytes.subarray(at, start + length), content: bytes.subarray(start, start + length) };
}

/** The elements inside of an element. */
export function childrenOf({ content }: DerElement): readonly DerElement[] {
  const children: DerElement[] = [];
  for (let at = 0; at < content.length; ) {
    const child = readElement(content, at);
    children.push(child);
    at += child.all.length;
  }
  return children;
}

/** The elements inside of an element that must have a tag. */
export function childrenOfTag(element: DerElement | undefined, tag: number): readonly DerElement[] {
  if (element?.tag !== tag) throw new DerError('has another structure');
  return childrenOf(element);
}

/** An object identifier in dots. */
export function readOid(element: DerElement | undefined): string {
  if (element?.tag !== TAG.oid || element.content.length === 0) throw new DerError('has no object identifier');
  const parts: number[] = [];
  let value = 0;
  for (const byte of element.content) {
    value = value * 128 + (byte & 0x7f);
    if (value > Number.MAX_SAFE_INTEGER) throw new DerError('has a wrong object identifier');
    if (byte >= 0x80) continue;
    if (parts.length === 0)
      parts.push(Math.min(2, Math.floor(value / 40)), value - 40 * Math.min(2, Math.floor(value / 40)));
    else parts.push(value);
    value = 0;
  }
  return parts.join('.');
}

/** UTCTime or GeneralizedTime (RFC 5280, 4.1.2.5), as ISO 8601. */
export function readTime(element: DerElement | undefined): string {
  const text = element?.content.toString('latin1') ?? '';
  const short = element?.tag === TAG.utcTime;
  const match = (short ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/).exec(
    text,
  );
  if (match === null) throw new DerError('has a wrong date');
  const [, year = '', month, day, hour, minute, second] = match;
  const full = short ? `${Number(year) >= 50 ? '19' : '20'}${year}` : year;
  const date = new Date(`${full}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(date.getTime())) throw new DerError('has a wrong date');
  return date.toISOString();
}
