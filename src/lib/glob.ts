/** A compiled glob. */
export interface Glob {
  readonly text: string;
  readonly pattern: RegExp;
}

/**
 * Compiles a path glob: `*` within a name, `**` over folders, `?`, `[abc]`, `{a,b}`. A glob without a slash matches a name
 * at any depth; a trailing slash matches everything below. Linear: each star becomes one bounded class run.
 */
export function compileGlob(text: string): Glob {
  const trimmed = text.endsWith('/') ? `${text}**` : text;
  const rooted = trimmed.startsWith('/') ? trimmed.slice(1) : trimmed.includes('/') ? trimmed : `**/${trimmed}`;
  return { text, pattern: new RegExp(`^${translate(rooted)}$`) };
}

/**
 * What is wrong with a glob, as the end of a sentence that names it; undefined: nothing. `compileGlob` takes such a glob by the
 * letter, which is never what was meant.
 */
export function globProblem(text: string): string | undefined {
  if (text.trim() === '') return 'is empty';
  let depth = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '[') return 'has a "[" without "]"; for the bracket itself write "[[]"';
    if (token.length > 2 && token.startsWith('[') && compileClass(token) === undefined) {
      return `has a range that runs backwards, ${token}`;
    }
    if (token === '{') depth += 1;
    if (token === '}' && depth > 0) depth -= 1;
  }
  return depth > 0 ? 'has a "{" without "}"; for the brace itself write "[{]"' : undefined;
}

/** True when one of the globs matches the path (forward slashes, relative). */
export function matchesAny(globs: readonly Glob[], path: string): boolean {
  return globs.some((glob) => glob.pattern.test(path));
}

const TOKEN = /\*\*\/|\*\*|\*|\?|\[!?[^\]/]+\]|[{},]|[^*?[{},]+|\[/g;
const FIXED: ReadonlyMap<string, string> = new Map([
  ['**/', '(?:[^/]+/)*'],
  ['**', '.*'],
  ['*', '[^/]*'],
  ['?', '[^/]'],
]);

function translate(glob: string): string {
  let depth = 0;
  const parts: string[] = [];
  for (const [token] of glob.matchAll(TOKEN)) {
    if (token === '{') depth += 1;
    parts.push(translateToken(token, depth));
    if (token === '}' && depth > 0) depth -= 1;
  }
  return parts.join('') + ')'.repeat(depth);
}

/** `depth`: open braces, so that a comma or a closing brace outside them is itself. */
function translateToken(token: string, depth: number): string {
  const fixed = FIXED.get(token);
  if (fixed !== undefined) return fixed;
  if (token === '{') return '(?:';
  if (token === '}' && depth > 0) return ')';
  if (token === ',' && depth > 0) return '|';
  if (token.length > 2 && token.startsWith('[')) return translateClass(token);
  return escapeText(token);
}

/** A class with a range that runs backwards (`[z-a]`) is no class: it stands for itself. */
function translateClass(token: string): string {
  return compileClass(token) ?? escapeText(token);
}

function compileClass(token: string): string | undefined {
  const source = `[${token.slice(1, -1).replace(/^!/, '^').replace(/[\\[]/g, '\\$&')}]`;
  try {
    return new RegExp(source).source;
  } catch {
    return undefined;
  }
}

function escapeText(text: string): string {
  return text.replace(/[.+^$(){}|[\]\\*?]/g, '\\$&');
}
