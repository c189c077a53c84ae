import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transform, version } from 'esbuild';
import type { Plugin } from 'vitest/config';

/** A relative import of TypeScript, as esbuild prints it: what comes before the name, its quote, and the name. */
const IMPORT = /(\bfrom\s*|\bimport\s*\(?\s*)(["'])(\.[^"']*)\.ts\2/g;

/** Changes with what `toJavaScript` makes of the same text, so that a copy made before is not taken. */
const FORM = 2;

/** Sources of `src/` as JavaScript that Node itself imports, for tests. */
export interface PlainSources {
  /** Root of the project. */
  readonly root: string;
  /** Where the copies lie: below `node_modules`, so that packages are found from there. */
  readonly folder: string;
}

/**
 * Writes each source of `src/` as JavaScript, where its copy is missing or of another time. Vitest's own loader takes
 * six milliseconds for each module and worker, Node one.
 */
export async function writePlainSources(root: string): Promise<PlainSources> {
  const key = createHash('sha256').update(root).digest('hex').slice(0, 8);
  const folder = join(root, 'node_modules', '.cache', 'bowerbird', `sources-${key}-${version}-${FORM}`);
  const below = readdirSync(join(root, 'src'), { recursive: true }).map(String);
  const sources = below.filter((name) => name.endsWith('.ts')).map((name) => join('src', name));
  await Promise.all(sources.map((name) => writeCopy(join(root, name), join(folder, toCopyName(name)))));
  removeOthers(folder, new Set(sources.map(toCopyName)));
  return { root, folder };
}

/** A source that was removed or renamed is not found any more, as by Node. */
function removeOthers(folder: string, copies: ReadonlySet<string>): void {
  for (const name of readdirSync(folder, { recursive: true }).map(String)) {
    if (name.endsWith('.mjs') && !copies.has(name)) rmSync(join(folder, name));
  }
}

/** The plug-in for vitest that hands imports of `src/` to those copies; name `folder` in `server.deps.external` too. */
export function importPlainSources({ root, folder }: PlainSources): Plugin {
  const within = join(root, 'src', '/');
  return {
    name: 'plain-sources',
    enforce: 'pre',
    resolveId(id, importer) {
      if (importer === undefined || !id.startsWith('.') || !id.endsWith('.ts')) return undefined;
      const path = resolve(dirname(importer), id);
      return path.startsWith(within) ? join(folder, toCopyName(path.slice(root.length + 1))) : undefined;
    },
  };
}

function toCopyName(source: string): string {
  return source.replace(/\.ts$/, '.mjs');
}

/** Writes a copy as a whole, since another run may read it. It bears the time of its source. */
async function writeCopy(source: string, copy: string): Promise<void> {
  const mtime = new Date(Math.floor(statSync(source).mtimeMs));
  const copied = statSync(copy, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  // File systems and utimes round a time in different ways.
  if (Math.abs(copied - mtime.getTime()) < 2) return;
  const code = await toJavaScript(source);
  const unfinished = `${copy}.${process.pid}`;
  mkdirSync(dirname(copy), { recursive: true });
  writeFileSync(unfinished, code);
  utimesSync(unfinished, mtime, mtime);
  renameSync(unfinished, copy);
}

/** The source map leads errors to the line of the source; `import.meta.url` stays that of the source. */
async function toJavaScript(source: string): Promise<string> {
  const { code } = await transform(readFileSync(source, 'utf8'), {
    loader: 'ts',
    format: 'esm',
    target: 'node20.19',
    sourcefile: source,
    sourcemap: 'inline',
    sourcesContent: false,
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(source).href) },
  });
  return code.replace(IMPORT, '$1$2$3.mjs$2');
}
