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

const HEADER_END = Buffer.from('\n\n');
const MAX_TIME = 8.64e15;

/**
 * Reads a commit or tag object (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects). Never throws: what cannot be
 * read is empty.
 */
export function parseAnnotation(object: Buffer): Annotation {
  const end = object.indexOf(HEADER_END);
  const header = object.toString('utf8', 0, end < 0 ? object.length : end).split('\n');
  const person = headerValue(header, 'author') ?? headerValue(header, 'tagger') ?? '';
  const date = dateOf(person);
  const tag = headerValue(header, 'tag');
  const target = headerValue(header, 'object');
  return {
    author: nameOf(person),
    ...(date === undefined ? {} : { date }),
    ...(tag === undefined ? {} : { tag }),
    ...(target === undefined ? {} : { target }),
    message: end < 0 ? object.subarray(object.length) : object.subarray(end + HEADER_END.length),
  };
}

function headerValue(header: readonly string[], key: string): string | undefined {
  return header.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1);
}

function nameOf(person: string): string {
  const name = person.replace(/<.*$/, '').trim();
  return name.replace(/@\S+/g, '');
}

function dateOf(person: string): string | undefined {
  const seconds = Number(/> (-?\d{1,13}) [+-]\d{4}$/.exec(person)?.[1] ?? Number.NaN);
  const time = seconds * 1000;
  return Math.abs(time) <= MAX_TIME ? new Date(time).toISOString() : undefined;
}
