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

/** True when one of the globs matches the path (forward slashes, relative). */
export function matchesAny(globs: readonly Glob[], path: string): boolean {
  return globs.some((glob) => glob.pattern.test(path));
}

function translate(glob: string): string {
  let source = '';
  let depth = 0;
  for (let at = 0; at < glob.length; at += 1) {
    const char = glob.charAt(at);
    if (char === '*' && glob.startsWith('**/', at)) {
      source += '(?:[^/]+/)*';
      at += 2;
    } else if (char === '*' && glob.startsWith('**', at)) {
      source += '.*';
      at += 1;
    } else if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (char === '[' && /^\[!?[^\]/]+\]/.test(glob.slice(at))) {
      const close = glob.indexOf(']', at);
      source += `[${glob.slice(at + 1, close).replace(/^!/, '^').replace(/\\/g, '\\\\')}]`;
      at = close;
    } else if (char === '{') {
      depth += 1;
      source += '(?:';
    } else if (char === '}' && depth > 0) {
      depth -= 1;
      source += ')';
    } else if (char === ',' && depth > 0) source += '|';
    else source += char.replace(/[.+^$(){}|[\]\\]/g, '\\$&');
  }
  return source + ')'.repeat(depth);
}
