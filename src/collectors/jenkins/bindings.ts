import type { Token } from './tokens.ts';

/** Entries of a list of ids that are looked at. */
const MOST_IDS = 100;

/** Ids of credentials that are bound at a word: `credentialsId: 'x'`, `credentials('x')`, `sshagent(['x'])`. */
export function bindingsAt(tokens: readonly Token[], index: number): readonly string[] {
  const name = tokens[index]?.value;
  if (name === 'credentialsId') return only(textOf(tokens, index + 1));
  if (name === 'credentials' || name === 'sshagent') {
    const id = textOf(tokens, index + 1);
    return id === undefined ? listAt(tokens, index + 1) : [id];
  }
  if (name !== 'withRegistry') return [];
  const [open, url, comma, id] = tokens.slice(index + 1, index + 5);
  const called = isMark(open, '(') && url?.kind === 'text' && isMark(comma, ',') && id?.kind === 'text';
  return called ? only(plain(id)) : [];
}

/** The text of `('text')`, `'text'` or `: 'text'`. */
export function textOf(tokens: readonly Token[], index: number): string | undefined {
  const [first, second] = [tokens[index], tokens[index + 1]];
  if (first?.kind === 'text') return plain(first);
  return (isMark(first, '(') || isMark(first, ':')) && second?.kind === 'text' ? plain(second) : undefined;
}

/** The value of a text. One whose parts are not known here names nothing. */
export function plain({ value, interpolates }: Token): string | undefined {
  return value === '' || (interpolates && value.includes('$')) ? undefined : value;
}

/** The texts of `(['a', 'b'])` and `: ['a', 'b']`. Arguments with names are met again at their names. */
function listAt(tokens: readonly Token[], index: number): readonly string[] {
  const [first, second] = [tokens[index], tokens[index + 1]];
  if (!(isMark(first, '(') || isMark(first, ':')) || !isMark(second, '[')) return [];
  const inside = tokens.slice(index + 2, index + 2 + MOST_IDS);
  const end = inside.findIndex((token) => token.kind === 'word' || isMark(token, ']'));
  if (end < 0 || inside[end]?.kind === 'word') return [];
  return inside.slice(0, end).flatMap((token) => (token.kind === 'text' ? only(plain(token)) : []));
}

function isMark(token: Token | undefined, mark: string): boolean {
  return token?.kind === 'mark' && token.value === mark;
}

function only(id: string | undefined): readonly string[] {
  return id === undefined ? [] : [id];
}
