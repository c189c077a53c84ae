/** The name that a value is given to, as a generic rule sees it: `DB_PASSWORD`, `client.secret`, `setApiToken`. */
export interface AssignedName {
  /** As written. */
  readonly text: string;
  /** Lower-case words of the name, in order. */
  readonly words: readonly string[];
  /** Position of the word that holds the keyword. */
  readonly at: number;
  /** What follows the keyword inside its own word: `izer` in `tokenizer`. */
  readonly rest: string;
  /** `password` for what a person chooses, `machine` for what a service issues. */
  readonly kind: 'password' | 'machine';
}

const REACH = 200;
const KEYWORD = /passw(?:or)?d|pass(?:phrase|code)?|pwd|secret|token|credential|authorization|auth|key/g;
const NAME = /[0-9A-Za-z_$.-]{1,100}/g;

/** Reads the last name with a keyword in the text before a value; undefined where there is none. */
export function readAssignedName(before: string): AssignedName | undefined {
  const names = before.slice(-REACH).match(NAME) ?? [];
  for (const text of names.reverse()) {
    const name = parseName(text.replace(/^[.-]+|[.-]+$/g, ''));
    if (name !== undefined) return name;
  }
  return undefined;
}

function parseName(text: string): AssignedName | undefined {
  const words = splitName(text);
  for (let at = words.length - 1; at >= 0; at--) {
    const keyword = [...(words[at] as string).matchAll(KEYWORD)].at(-1);
    if (keyword === undefined) continue;
    const rest = (words[at] as string).slice(keyword.index + keyword[0].length);
    const kind = words.some((word) => /passw|passphrase|passcode|pwd|pass$/.test(word)) ? 'password' : 'machine';
    return { text, words, at, rest, kind };
  }
  return undefined;
}

function splitName(text: string): readonly string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** How a value is given to its name: `list` is the next element after a quoted name, as in `set("token", "...")`. */
export type AssignedBy = 'assignment' | 'comparison' | 'call' | 'list';

/** Reads the sign between the name and the value from the text before the value. */
export function readAssignedBy(before: string): AssignedBy {
  const sign = /(,|\(|[!=]==?)[ \t]{0,8}[[(]?[A-Za-z@]{0,2}\\{0,2}["'`]?$/.exec(before.slice(-REACH))?.[1];
  if (sign === ',') return 'list';
  if (sign === '(') return 'call';
  return sign === undefined ? 'assignment' : 'comparison';
}
