/** What is kept of a commit or of an annotated tag. */
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
  /** Other texts of the header that people and programs wrote. */
  readonly texts: readonly HeaderText[];
}

/** A text of the header of a commit or tag. */
export interface HeaderText {
  /** `person`: a name and an address, without the time. */
  readonly part: 'person' | 'header';
  readonly text: string;
}

/** Header lines that git writes itself: ids, and signatures, which hold no text. */
const BY_GIT = ['tree ', 'parent ', 'object ', 'type ', 'gpgsig ', 'gpgsig-sha256 '];
/** Longest time behind a person, such as ` 1764378000 +0000`, with a margin. */
const LONGEST_TIME = 20;
const SPACE = 0x20;
const MAX_TIME = 8.64e15;
const LINE_END = 10;

/** Lines of a header that are read, by name. */
type HeaderName = 'author' | 'committer' | 'tagger' | 'tag' | 'object';

/**
 * Reads a commit or tag object (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects). Never throws: what cannot be
 * read is empty.
 */
export function parseAnnotation(object: Buffer): Annotation {
  const header: Partial<Record<HeaderName, string>> = {};
  const texts: HeaderText[] = [];
  let start = 0;
  let isGits = false;
  while (start < object.length && object[start] !== LINE_END) {
    const lineEnd = object.indexOf(LINE_END, start);
    const end = lineEnd < 0 ? object.length : lineEnd;
    const name = headerNameAt(object, start);
    // A line that begins with a space continues the header above it.
    isGits = object[start] === SPACE ? isGits : isByGit(object, start);
    const value = name === undefined ? '' : object.toString('utf8', start + name.length + 1, end);
    if (name !== undefined) header[name] ??= value;
    if (!isGits) texts.push(isPerson(name) ? personOf(value) : textOf(object, start, end));
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
    texts,
  };
}

/**
 * Tells which header starts here. Compares bytes: a history has many commits, and most of their lines are not needed.
 */
function headerNameAt(object: Buffer, start: number): HeaderName | undefined {
  switch (object[start]) {
    case 0x61:
      return startsWith(object, start, 'author ') ? 'author' : undefined;
    case 0x63:
      return startsWith(object, start, 'committer ') ? 'committer' : undefined;
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

function isByGit(object: Buffer, start: number): boolean {
  for (const name of BY_GIT) if (startsWith(object, start, name)) return true;
  return false;
}

function isPerson(name: HeaderName | undefined): boolean {
  return name === 'author' || name === 'committer' || name === 'tagger';
}

/** Drops the time behind a name and an address. Keeps the text if something else stands there. */
function personOf(value: string): HeaderText {
  const end = value.lastIndexOf('>') + 1;
  return { part: 'person', text: end === 0 || value.length - end > LONGEST_TIME ? value : value.slice(0, end) };
}

function textOf(object: Buffer, start: number, end: number): HeaderText {
  return { part: 'header', text: object.toString('utf8', start, end).trimStart() };
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
