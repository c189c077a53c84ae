import { createSet } from '../linear/parse-regex.ts';
import { compileParts, type Part } from '../linear/program.ts';
import { Tester } from '../linear/tester.ts';

/** A compiled glob. */
export interface Glob {
  readonly text: string;
  /**
   * True when it matches the path (forward slashes, relative). Takes time in proportion to the path, whatever the glob.
   */
  matches(path: string): boolean;
}

/** Longer and deeper globs were made to hurt. Characters, and braces in braces. */
const LONGEST = 4096;
const DEEPEST = 50;

const START: Part = { kind: 'edge', edge: 'start' };
const END: Part = { kind: 'edge', edge: 'end' };
const NAME: Part = { kind: 'set', set: createSet('[^/]', '') };
const ANY: Part = { kind: 'set', set: createSet('.', '') };

/**
 * Compiles a path glob: `*` within a name, `**` over folders, `?`, `[abc]`, `{a,b}`. A glob without a slash matches a
 * name at any depth; a trailing slash matches everything below. No regular expression that can go back: globs come from
 * repositories.
 */
export function compileGlob(text: string): Glob {
  let tester: Tester | undefined;
  const test = (path: string): boolean => {
    tester ??= createTester(text);
    return tester.test(path);
  };
  const [, star, end] = text.length <= LONGEST ? (USUAL.exec(text) ?? []) : [];
  if (end === undefined) return { text, matches: test };
  return { text, matches: (path) => endsInName(path, end, star === '') && (!hasEmptyName(path) || test(path)) };
}

/** Most globs of rules: the end of a name (`*.min.js`) or a whole name (`go.sum`). They need no automaton. */
const USUAL = /^(\*?)([^*?[\]{},/]+)$/;

function endsInName(path: string, end: string, isWhole: boolean): boolean {
  if (!path.endsWith(end)) return false;
  return !isWhole || path.length === end.length || path[path.length - end.length - 1] === '/';
}

/** No usual path: `**` matches whole names only. */
function hasEmptyName(path: string): boolean {
  return path.startsWith('/') || path.includes('//');
}

/**
 * What is wrong with a glob, as the end of a sentence that names it; undefined: nothing. `compileGlob` takes such a
 * glob by the letter, which is never what was meant.
 */
export function globProblem(text: string): string | undefined {
  if (text.trim() === '') return 'is empty';
  if (text.length > LONGEST) return `is longer than ${LONGEST} characters; write several`;
  let depth = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '[') return 'has a "[" without "]"; for the bracket itself write "[[]"';
    if (token.length > 2 && token.startsWith('[') && compileClass(token) === undefined) {
      return `has a range that runs backwards, ${token}`;
    }
    if (token === '{') depth += 1;
    if (depth > DEEPEST) return `has more than ${DEEPEST} braces inside braces; write several`;
    if (token === '}' && depth > 0) depth -= 1;
  }
  return depth > 0 ? 'has a "{" without "}"; for the brace itself write "[{]"' : undefined;
}

/** True when one of the globs matches the path (forward slashes, relative). */
export function matchesAny(globs: readonly Glob[], path: string): boolean {
  return globs.some((glob) => glob.matches(path));
}

const TOKEN = /\*\*\/|\*\*|\*|\?|\[!?[^\]/]{1,200}\]|[{},]|[^*?[{},]+|\[/g;
const FIXED: ReadonlyMap<string, Part> = new Map([
  ['**/', repeat({ kind: 'sequence', parts: [repeat(NAME, 1), ...letters('/')] })],
  ['**', repeat(ANY)],
  ['*', repeat(NAME)],
  ['?', NAME],
]);

function createTester(text: string): Tester {
  const trimmed = text.endsWith('/') ? `${text}**` : text;
  const rooted = trimmed.startsWith('/') ? trimmed.slice(1) : trimmed.includes('/') ? trimmed : `**/${trimmed}`;
  const isFit = text.length <= LONGEST && !isDeep(text);
  const program = isFit ? compileParts(wholly(translate(rooted))) : undefined;
  const literal = compileParts(wholly(letters(text.slice(0, LONGEST))));
  const chosen = program ?? literal;
  if (chosen === undefined) throw new Error('a glob of some thousand characters has a program');
  return new Tester(chosen);
}

function isDeep(text: string): boolean {
  return (text.match(/\{/g)?.length ?? 0) > DEEPEST;
}

function wholly(parts: readonly Part[]): Part {
  return { kind: 'sequence', parts: [START, ...parts, END] };
}

/** An open brace: its finished options, and the parts of the one that is read. */
interface Brace {
  readonly options: Part[];
  parts: Part[];
}

function translate(glob: string): readonly Part[] {
  const outermost: Brace = { options: [], parts: [] };
  const open: Brace[] = [outermost];
  for (const [token] of glob.matchAll(TOKEN)) {
    const brace = open.at(-1) ?? outermost;
    if (token === '{') open.push({ options: [], parts: [] });
    else if (token === '}' && open.length > 1) closeBrace(open);
    else if (token === ',' && open.length > 1) nextOption(brace);
    else brace.parts.push(...translateToken(token));
  }
  while (open.length > 1) closeBrace(open);
  return outermost.parts;
}

function nextOption(brace: Brace): void {
  brace.options.push({ kind: 'sequence', parts: brace.parts });
  brace.parts = [];
}

function closeBrace(open: Brace[]): void {
  const closed = open.pop();
  if (closed === undefined) return;
  nextOption(closed);
  open.at(-1)?.parts.push({ kind: 'choice', options: closed.options });
}

function translateToken(token: string): readonly Part[] {
  const fixed = FIXED.get(token);
  if (fixed !== undefined) return [fixed];
  if (token.length > 2 && token.startsWith('[')) {
    const source = compileClass(token);
    if (source !== undefined) return [{ kind: 'set', set: createSet(source, '') }];
  }
  return letters(token);
}

/** A class as an expression. With a range that runs backwards (`[z-a]`) it is no class: it stands for itself. */
function compileClass(token: string): string | undefined {
  const source = `[${token.slice(1, -1).replace(/^!/, '^').replace(/[\\[]/g, '\\$&')}]`;
  try {
    return new RegExp(source).source;
  } catch {
    return undefined;
  }
}

/** Text by the letter, in UTF-16 code units. */
function letters(text: string): Part[] {
  return Array.from({ length: text.length }, (_, index) => {
    const unit = text.charCodeAt(index);
    return { kind: 'set', set: { has: (other) => other === unit } };
  });
}

function repeat(part: Part, min = 0): Part {
  return { kind: 'repeat', part, min, max: Number.POSITIVE_INFINITY, lazy: false };
}
