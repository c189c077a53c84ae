/** A part of a directive of a template, as Go and Helm write them. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'path'; readonly root: string; readonly keys: readonly string[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'field'; readonly of: Expression; readonly keys: readonly string[] };

const TOKEN =
  /\s+|"(?<text>(?:[^"\\]|\\.)*)"|`(?<raw>[^`]*)`|(?<number>-?\d+(?:\.\d+)?)(?![\w.])|(?<path>\$\w*(?:\.\w+)*|(?:\.\w+)+|\.)|(?<name>[A-Za-z_]\w*)|(?<sign>[()|])/y;
/** Longer directives, and deeper ones, are not followed. */
const LONGEST = 4_000;
const DEEPEST = 20;
const WORDS: Readonly<Record<string, boolean>> = { true: true, false: false };

type Groups = Readonly<Record<string, string | undefined>>;

interface Reader {
  readonly tokens: readonly Groups[];
  at: number;
}

/** Reads a pipeline such as `default "x" .Values.name | quote`. Undefined for what is none. */
export function readExpression(text: string): Expression | undefined {
  const tokens = text.length > LONGEST ? undefined : readTokens(text);
  if (tokens === undefined) return undefined;
  const reader = { tokens, at: 0 };
  const read = readPipeline(reader, DEEPEST);
  return reader.at === tokens.length ? read : undefined;
}

function readTokens(text: string): readonly Groups[] | undefined {
  const tokens: Groups[] = [];
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    // `item.name` is of another engine.
    const touches = match?.groups?.['path']?.startsWith('.') === true && /\w/.test(text[at - 1] ?? ' ');
    if (match === null || touches) return undefined;
    if (match[0].trim() !== '') tokens.push({ ...match.groups, glued: text[at - 1] === ')' ? ')' : undefined });
  }
  return tokens;
}

function readPipeline(reader: Reader, depth: number): Expression | undefined {
  let read = readCommand(reader, depth);
  while (read !== undefined && reader.tokens[reader.at]?.['sign'] === '|') {
    reader.at += 1;
    const next = readCommand(reader, depth);
    // What stands before the bar is the last argument of what stands behind it.
    read = next?.kind === 'call' ? { ...next, args: [...next.args, read] } : undefined;
  }
  return read;
}

function readCommand(reader: Reader, depth: number): Expression | undefined {
  const name = reader.tokens[reader.at]?.['name'];
  if (name === undefined || WORDS[name] !== undefined) return readOperand(reader, depth);
  reader.at += 1;
  const args: Expression[] = [];
  while (!isEnd(reader.tokens[reader.at])) {
    const read = readOperand(reader, depth);
    if (read === undefined) return undefined;
    args.push(read);
  }
  return { kind: 'call', name, args };
}

function isEnd(token: Groups | undefined): boolean {
  return token === undefined || token['sign'] === '|' || token['sign'] === ')';
}

function readOperand(reader: Reader, depth: number): Expression | undefined {
  const { text, raw, number, path, name, sign } = reader.tokens[reader.at] ?? {};
  reader.at += 1;
  if (text !== undefined) return { kind: 'literal', value: text.replace(/\\(.)/g, '$1') };
  if (raw !== undefined) return { kind: 'literal', value: raw };
  if (number !== undefined) return { kind: 'literal', value: Number(number) };
  if (path !== undefined) return readPath(path);
  if (name !== undefined) {
    const word = WORDS[name];
    return word === undefined ? { kind: 'call', name, args: [] } : { kind: 'literal', value: word };
  }
  return sign === '(' && depth > 0 ? readGroup(reader, depth - 1) : undefined;
}

function readGroup(reader: Reader, depth: number): Expression | undefined {
  const of = readPipeline(reader, depth);
  if (of === undefined || reader.tokens[reader.at]?.['sign'] !== ')') return undefined;
  reader.at += 1;
  const { path, glued } = reader.tokens[reader.at] ?? {};
  // `(index .accounts 0).name` is a field, and `(first .names) .name` two arguments.
  if (path === undefined || glued === undefined || !path.startsWith('.')) return of;
  reader.at += 1;
  return { kind: 'field', of, keys: path.slice(1).split('.') };
}

function readPath(path: string): Expression {
  const [root = '', ...keys] = path.split('.');
  return { kind: 'path', root, keys: keys.filter((key) => key !== '') };
}
