/** A block of PEM (RFC 7468): its label, the bytes inside, and where it begins. */
export interface PemBlock {
  readonly label: string;
  /** Undefined where the block is no base64, or does not end. */
  readonly der?: Buffer;
  readonly line: number;
  readonly lastLine: number;
  /** It has headers, as an encrypted key in the old form does. */
  readonly headers: boolean;
}

const BEGIN = /^[ \t]*-----BEGIN ([A-Z0-9 ]{1,40})-----[ \t]*$/;
const END = /^[ \t]*-----END [A-Z0-9 ]{1,40}-----/;
const BASE64_LINE = /^[A-Za-z0-9+/]*={0,2}$/;
const MOST_LINES = 2000;

/** Finds the blocks of a text. */
export function readPem(text: string): readonly PemBlock[] {
  const lines = text.split(/\r?\n/);
  const blocks: PemBlock[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const label = BEGIN.exec(lines[at] ?? '')?.[1];
    if (label === undefined) continue;
    const end = findEnd(lines, at + 1);
    blocks.push(toBlock(label, lines, at, end));
    at = end === undefined ? at : end;
  }
  return blocks;
}

function findEnd(lines: readonly string[], from: number): number | undefined {
  for (let at = from; at < Math.min(lines.length, from + MOST_LINES); at += 1) {
    const line = lines[at] ?? '';
    if (END.test(line)) return at;
    if (BEGIN.test(line)) return undefined;
  }
  return undefined;
}

function toBlock(label: string, lines: readonly string[], at: number, end: number | undefined): PemBlock {
  const line = at + 1;
  if (end === undefined) return { label, line, lastLine: line, headers: false };
  const inner = lines.slice(at + 1, end).map((text) => text.trim());
  const headers = inner.some((text) => text.includes(':'));
  const body = inner.filter((text) => !text.includes(':'));
  const place = { label, line, lastLine: end + 1, headers };
  return body.every((text) => BASE64_LINE.test(text)) ? { ...place, der: Buffer.from(body.join(''), 'base64') } : place;
}
