import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile, transform } from 'esbuild';
import { type Part, readPart, rewritePart } from './parts.ts';

const FORM = {
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
} as const satisfies BuildOptions;

/** File that holds the parts of the common start. */
const START = 'start.cjs';
const URL_OF_FILE = "const __bundleUrl=require('node:url').pathToFileURL(__filename).href;";

/** What the fronts are built from. */
export interface FrontsInput {
  /** Name of the file in `dist/` (without `.cjs`) to its source. */
  readonly entryPoints: Readonly<Record<string, string>>;
  /** Sources that a common start loads: they and all that they import lie in one file, because each file costs a start. */
  readonly start: readonly string[];
  /** Names of the fronts that are commands. */
  readonly commands: ReadonlySet<string>;
  readonly version: string;
  readonly plugins: NonNullable<BuildOptions['plugins']>;
}

/**
 * Builds the fronts as CommonJS files that share parts. What the code imports with `import()` lies in parts of its own and is
 * read when it is asked for: reading and compiling text is most of a start. esbuild splits ES modules only, so each part is
 * turned into CommonJS here.
 */
export async function buildFronts(root: string, folder: string, input: FrontsInput): Promise<Metafile> {
  const result = await build({
    ...FORM,
    absWorkingDir: root,
    entryPoints: input.entryPoints,
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    chunkNames: 'part-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    write: false,
    metafile: true,
    minifyWhitespace: false,
    define: { BOWERBIRD_VERSION: JSON.stringify(input.version) },
    external: ['re2'],
    plugins: input.plugins,
  });
  const parts = new Map(result.outputFiles.map(({ path, text }) => [nameOf(path), readPart(nameOf(path), text)]));
  const start = closeOver(parts, startParts(result.metafile, input));
  await writeFile(join(folder, START), await writeStart(parts, start));
  for (const part of parts.values()) {
    if (start.has(part.name)) continue;
    const shebang = input.commands.has(part.name.replace(/\.cjs$/, '')) ? '#!/usr/bin/env node\n' : '';
    await writeFile(join(folder, part.name), `${shebang}"use strict";${await toCommonJs(part, placeOf(start, false))}`);
  }
  return result.metafile;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function startParts({ outputs }: Metafile, { start }: FrontsInput): string[] {
  const bySource = new Map(Object.entries(outputs).map(([path, { entryPoint }]) => [entryPoint, nameOf(path)]));
  return start.map((source) => {
    const name = bySource.get(source);
    if (name === undefined) throw new Error(`${source} is no part of its own: nothing imports it with import()`);
    return name;
  });
}

/** The parts, and all that they import at once. */
function closeOver(parts: ReadonlyMap<string, Part>, names: readonly string[]): ReadonlySet<string> {
  const closed = new Set(names);
  for (const name of closed) for (const next of parts.get(name)?.imports ?? []) closed.add(next);
  return closed;
}

/** How a part is asked for: by its file, or by its name in the start file. */
function placeOf(start: ReadonlySet<string>, inside: boolean): (name: string) => string {
  return (name) => {
    if (!start.has(name)) return `require("./${name}")`;
    return inside ? `part("${name}")` : `require("./${START}")("${name}")`;
  };
}

/** One function a part, run when the part is first asked for. The brackets around it make the engine compile it at once. */
async function writeStart(parts: ReadonlyMap<string, Part>, start: ReadonlySet<string>): Promise<string> {
  const bodies: string[] = [];
  for (const part of parts.values()) {
    if (!start.has(part.name)) continue;
    bodies.push(`"${part.name}":(function(exports){${await toCommonJs(part, placeOf(start, true))}})`);
  }
  const load =
    'const known=loaded[name];if(known)return known;const exports=loaded[name]={};parts[name](exports);return exports';
  return `"use strict";const loaded={};function part(name){${load}}const parts={${bodies.join(',')}};module.exports=part;\n`;
}

async function toCommonJs(part: Part, place: (name: string) => string): Promise<string> {
  const script = rewritePart(part, place);
  const { code } = await transform(script, {
    ...FORM,
    format: 'cjs',
    define: { 'import.meta.url': '__bundleUrl' },
    banner: script.includes('import.meta.url') ? URL_OF_FILE : '',
    // A library beside the parts is required, not imported: Node would see its default export only.
    supported: { 'dynamic-import': false },
  });
  return code;
}
