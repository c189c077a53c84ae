/** A line of `authorized_keys` or of a public key file, in its parts. */
export interface KeyLine {
  /** Names of options in lower case. */
  readonly options: ReadonlySet<string>;
  /** Type and base64. */
  readonly key: string;
  readonly comment?: string;
}

const KEY = /^((?:ssh|ecdsa|sk)-[\w@.-]{1,60}\s+[A-Za-z0-9+/=]{1,20000})(?:\s+(.*))?$/;
const LONGEST = 32 * 1024;

/** Reads `[options] type base64 [comment]`. Options may hold quoted texts with blanks. */
export function readKeyLine(line: string): KeyLine | undefined {
  if (line.length > LONGEST) return undefined;
  const plain = KEY.exec(line);
  const end = plain === null ? endOfOptions(line) : 0;
  const [, key, comment] = plain ?? KEY.exec(line.slice(end).trim()) ?? [];
  if (key === undefined) return undefined;
  const shown = shownComment(comment);
  return { options: optionNames(line.slice(0, end)), key, ...(shown === undefined ? {} : { comment: shown }) };
}

/** The first blank outside of quotes. */
function endOfOptions(line: string): number {
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at];
    if (character === '\\') at += 1;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && (character === ' ' || character === '\t')) return at;
  }
  return line.length;
}

function optionNames(text: string): ReadonlySet<string> {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"?/g, '');
  return new Set(bare.split(',').flatMap((option) => /^\s*([a-z][\w-]*)/i.exec(option)?.[1]?.toLowerCase() ?? []));
}

/** `user@machine` is kept; of an e-mail address only the part before the @. */
function shownComment(comment: string | undefined): string | undefined {
  const text = comment?.trim() ?? '';
  if (text === '' || text.length > 100 || /\p{Cc}/u.test(text)) return undefined;
  const parts = text.split('@');
  const isAddress =
    parts.length > 1 && /\.[a-z]{2,}/i.test(parts.at(-1) ?? '') && !/\.(?:local|lan|internal|home)$/i.test(text);
  return isAddress ? parts[0] || undefined : text;
}
