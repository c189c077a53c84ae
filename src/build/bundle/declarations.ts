import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { CompilerOptions } from 'typescript';
import { ts } from './typescript.ts';

/** Relative imports in an emitted declaration: `from './x.ts'` and `import('./x.ts')`. */
const RELATIVE = /(\bfrom |\bimport\()(['"])(\.[^'"]+)\.ts\2/g;

/**
 * File by file, without a program: a tenth of the time. It needs every export of these files to state its type, and
 * `isolatedDeclarations` refuses the ones that do not. Types are proven by `npm run types`.
 */
const OPTIONS: CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  strict: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  declaration: true,
  isolatedDeclarations: true,
  stripInternal: true,
};

/**
 * Writes the library's declarations: the entry's and those that it refers to, nothing else. They are `.d.cts`, because
 * the library is one CommonJS file that `import` and `require` both load.
 *
 * @param root folder of the repository
 * @param entry the library's entry, from the root
 * @param target folder to write to
 */
export async function writeDeclarations(root: string, entry: string, target: string): Promise<void> {
  const base = dirname(join(root, entry));
  const files = new Set([join(root, entry)]);
  // A set gives what is added while it is walked, once.
  for (const file of files) {
    const text = await emitDeclaration(root, file);
    for (const [, , , specifier] of text.matchAll(RELATIVE)) files.add(join(dirname(file), `${specifier}.ts`));
    const output = join(target, relative(base, file).replace(/\.ts$/, '.d.cts'));
    await mkdir(dirname(output), { recursive: true });
    await writeFile(output, text.replace(RELATIVE, "$1'$3.cjs'"));
  }
}

async function emitDeclaration(root: string, file: string): Promise<string> {
  const fileName = relative(root, file);
  const options = { fileName, compilerOptions: OPTIONS, reportDiagnostics: true };
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(await readFile(file, 'utf8'), options);
  const [first] = diagnostics;
  if (first === undefined) return outputText;
  const line = first.file?.getLineAndCharacterOfPosition(first.start ?? 0).line ?? 0;
  const message = ts.flattenDiagnosticMessageText(first.messageText, ' ');
  throw new Error(`${fileName}:${line + 1}: ${message} The library's types refer to this file: write the type out.`);
}
