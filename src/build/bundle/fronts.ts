import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile, transform } from 'esbuild';
import { type Part, type Places, readPart, rewritePart } from './parts.ts';

const FORM = {
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  minifyIdentifiers: true,
  legalComments: 'none',
} as const satisfies BuildOptions;

const URL_OF_FILE = "const __bundleUrl=require('node:url').pathToFileURL(__filename).href;";

/**
 * Finds the bundle that a command has already loaded. `require` would look it up again, and read the `package.json` of
 * the project that installed us.
 */
const FIND_BUNDLE =
  'const findBundle=file=>(require.cache[require("node:path").join(__dirname,file)]||{exports:require("./"+file)}).exports;';

/** What the fronts are built from. */
export interface FrontsInput {
  /** Name of the file in `dist/` (without `.cjs`) to its source. */
  readonly entryPoints: Readonly<Record<string, string>>;
  /**
   * Files (without `.cjs`) to sources that are loaded together: they and all that they import at once lie in one file,
   * because each extra file costs start-up time. Sources that two of them need lie in the first.
   */
  readonly bundles: Readonly<Record<string, readonly string[]>>;
  /** Sources whose part is loaded when something of it is first used, and not with the parts that import it. */
  readonly late: readonly string[];
  /** Names of the fronts that are commands. */
  readonly commands: ReadonlySet<string>;
  readonly version: string;
  readonly plugins: NonNullable<BuildOptions['plugins']>;
}

/**
 * Builds the fronts as CommonJS files that share parts. What the code imports with `import()` lies in parts of its own
 * and is read when it is asked for: reading and compiling text is most of start-up. esbuild splits ES modules only, so
 * each part is turned into CommonJS here.
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
    minifyIdentifiers: false,
    define: { BOWERBIRD_VERSION: JSON.stringify(input.version) },
    external: ['re2'],
    plugins: input.plugins,
  });
  const parts = new Map(result.outputFiles.map(({ path, text }) => [nameOf(path), readPart(nameOf(path), text)]));
  const late = new Set(input.late.map((source) => holderOf(result.metafile, source)));
  for (const part of parts.values()) for (const name of late) part.imports.delete(name);
  const bundles = divideParts(parts, result.metafile, input.bundles);
  const hash = createHash('sha256');
  for (const file of Object.keys(input.bundles).map((name) => `${name}.cjs`)) {
    const text = await makeBundle(parts, bundles, late, file);
    hash.update(text);
    await writeFile(join(folder, file), text);
  }
  const defined = { BOWERBIRD_BUILD: JSON.stringify(hash.digest('hex').slice(0, 32)) };
  for (const part of parts.values()) {
    if (bundles.has(part.name)) continue;
    const isCommand = input.commands.has(part.name.replace(/\.cjs$/, ''));
    const text = isCommand
      ? await makeCommand(parts, bundles, late, part, defined)
      : `"use strict";${await toCommonJs(part, { place: (name) => placeOf(bundles, name), late }, defined)}`;
    await writeFile(join(folder, part.name), text);
  }
  return result.metafile;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The part that begins at a source, else the one that holds it. */
function partOf({ outputs }: Metafile, source: string): string {
  const all = Object.entries(outputs);
  const found = all.find(([, one]) => one.entryPoint === source) ?? all.find(([, one]) => one.inputs[source]);
  if (found === undefined) throw new Error(`${source} is in no part`);
  return nameOf(found[0]);
}

/** The part that holds a source. That of an entry can be another one than the part that is named after it. */
function holderOf(metafile: Metafile, source: string): string {
  const found = Object.entries(metafile.outputs).find(([, output]) => (output.inputs[source]?.bytesInOutput ?? 0) > 0);
  return found === undefined ? partOf(metafile, source) : nameOf(found[0]);
}

/** Names of the parts that lie in a bundle, to its file. */
function divideParts(
  parts: ReadonlyMap<string, Part>,
  metafile: Metafile,
  bundles: FrontsInput['bundles'],
): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [bundle, sources] of Object.entries(bundles)) {
    const names = sources.flatMap((source) => [partOf(metafile, source), holderOf(metafile, source)]);
    for (const name of closeOver(parts, names)) if (!files.has(name)) files.set(name, `${bundle}.cjs`);
  }
  return files;
}

/** The parts, and all that they import at once. */
function closeOver(parts: ReadonlyMap<string, Part>, names: readonly string[]): ReadonlySet<string> {
  const closed = new Set(names);
  for (const name of closed) for (const next of parts.get(name)?.imports ?? []) closed.add(next);
  return closed;
}

/**
 * How a part is asked for: by its file, or by its name in the bundle that it lies in. `inside`: the file that asks, or
 * a command.
 */
function placeOf(bundles: ReadonlyMap<string, string>, name: string, inside?: string): string {
  const file = bundles.get(name);
  if (file === undefined) return `require("./${name}")`;
  if (inside === 'command') return `findBundle("${file}")("${name}")`;
  return file === inside ? `part("${name}")` : `require("./${file}")("${name}")`;
}

/**
 * A command has copies of the parts that it imports at once: without them it would load a whole bundle before it can
 * look for the code of that bundle that is kept. Copies are harmless, because modules have no state.
 */
async function makeCommand(
  parts: ReadonlyMap<string, Part>,
  bundles: ReadonlyMap<string, string>,
  late: ReadonlySet<string>,
  command: Part,
  defined: Readonly<Record<string, string>>,
): Promise<string> {
  const copied = closeOver(parts, [command.name]);
  const place = (name: string): string => (copied.has(name) ? `part("${name}")` : placeOf(bundles, name, 'command'));
  const others = [...parts.values()].filter(({ name }) => copied.has(name) && name !== command.name);
  const copies = others.length === 0 ? '' : await definePart(others, { place, late });
  const text = await toCommonJs(command, { place, late }, defined);
  return `#!/usr/bin/env node\n"use strict";${FIND_BUNDLE}${copies}${text}`;
}

/** The parts of a bundle, and the function that returns what one of them exports. */
async function makeBundle(
  parts: ReadonlyMap<string, Part>,
  bundles: ReadonlyMap<string, string>,
  late: ReadonlySet<string>,
  file: string,
): Promise<string> {
  const own = [...parts.values()].filter(({ name }) => bundles.get(name) === file);
  const part = await definePart(own, { place: (name) => placeOf(bundles, name, file), late });
  return `"use strict";${part}module.exports=part;\n`;
}

/**
 * One function a part, run when the part is first asked for. The brackets around it make the engine compile it at once,
 * so a late part has none.
 */
async function definePart(own: readonly Part[], places: Places): Promise<string> {
  const bodies: string[] = [];
  for (const part of own) {
    const body = `function(exports){${await toCommonJs(part, places)}}`;
    bodies.push(`"${part.name}":${places.late.has(part.name) ? body : `(${body})`}`);
  }
  const load =
    'const known=loaded[name];if(known)return known;const exports=loaded[name]={};parts[name](exports);return exports';
  return `const loaded={};function part(name){${load}}const parts={${bodies.join(',')}};`;
}

async function toCommonJs(part: Part, places: Places, define: Readonly<Record<string, string>> = {}): Promise<string> {
  const { script, late } = rewritePart(part, places);
  const { code } = await transform(script, {
    ...FORM,
    format: 'cjs',
    define: { ...define, ...late, 'import.meta.url': '__bundleUrl' },
    banner: script.includes('import.meta.url') ? URL_OF_FILE : '',
    // A library beside the parts is required, not imported: Node would see its default export only.
    supported: { 'dynamic-import': false },
  });
  return toAscii(code);
}

/**
 * Other characters as escapes. esbuild leaves them in regular expressions, and one of them makes the engine keep the
 * whole text with two bytes a character.
 */
function toAscii(code: string): string {
  if (/String\.raw`[^`]*[^\0-\x7f]/.test(code)) throw new Error('a raw text with other characters than ASCII');
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
