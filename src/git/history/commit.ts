/** What is kept of a commit or an annotated tag. */
export interface Annotation {
  /** Name only: e-mail addresses are dropped. Empty where the object names nobody. */
  readonly author: string;
  /** ISO 8601 in UTC; absent where the object holds no valid time. */
  readonly date?: string;
  /** Name of an annotated tag. */
  readonly tag?: string;
  /** The commit (or other object) that a tag marks. */
  readonly target?: string;
  /** The message as it is stored, in the commit's own encoding. */
  readonly message: Buffer;
}

const MAX_TIME = 8.64e15;
const LINE_END = 10;

/** Lines of a header that are read, by name. */
type HeaderName = 'author' | 'tagger' | 'tag' | 'object';

/**
 * Reads a commit or tag object (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects). Never throws: what cannot be
 * read is empty.
 */
export function parseAnnotation(object: Buffer): Annotation {
  const header: Partial<Record<HeaderName, string>> = {};
  let start = 0;
  while (start < object.length && object[start] !== LINE_END) {
    const found = object.indexOf(LINE_END, start);
    const end = found < 0 ? object.length : found;
    const name = headerNameAt(object, start);
    if (name !== undefined) header[name] ??= object.toString('utf8', start + name.length + 1, end);
    start = end + 1;
  }
  const person = header.author ?? header.tagger ?? '';
  const date = dateOf(person);
  return {
    author: nameOf(person),
    ...(date === undefined ? {} : { date }),
    ...(header.tag === undefined ? {} : { tag: header.tag }),
    ...(header.object === undefined ? {} : { target: header.object }),
    message: object.subarray(Math.min(start + 1, object.length)),
  };
}

/**
 * Which header starts here. It compares bytes, because a history has many commits and most of their lines are not
 * read.
 */
function headerNameAt(object: Buffer, start: number): HeaderName | undefined {
  switch (object[start]) {
    case 0x61:
      return startsWith(object, start, 'author ') ? 'author' : undefined;
    case 0x6f:
      return startsWith(object, start, 'object ') ? 'object' : undefined;
    case 0x74:
      if (startsWith(object, start, 'tag ')) return 'tag';
      return startsWith(object, start, 'tagger ') ? 'tagger' : undefined;
    default:
      return undefined;
  }
}

function startsWith(object: Buffer, start: number, text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (object[start + at] !== text.charCodeAt(at)) return false;
  return true;
}

function nameOf(person: string): string {
  const address = person.indexOf('<');
  const name = (address < 0 ? person : person.slice(0, address)).trim();
  return name.includes('@') ? name.replace(/@\S+/g, '') : name;
}

function dateOf(person: string): string | undefined {
  const seconds = Number(/> (-?\d{1,13}) [+-]\d{4}$/.exec(person)?.[1] ?? Number.NaN);
  const time = seconds * 1000;
  return Math.abs(time) <= MAX_TIME ? new Date(time).toISOString() : undefined;
}
