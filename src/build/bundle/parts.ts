import type { ExportDeclaration, Expression, ImportDeclaration, Node, SourceFile, Statement } from 'typescript';
import { ts } from './typescript.ts';

/** A part that esbuild made: an ES module. */
export interface Part {
  /** Name of its file. */
  readonly name: string;
  readonly text: string;
  /** Names of the parts that it imports at once. */
  readonly imports: Set<string>;
  readonly source: SourceFile;
}

/** Reads what a part imports. */
export function readPart(name: string, text: string): Part {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const imports = source.statements.filter(ts.isImportDeclaration).filter((one) => one.importClause !== undefined);
  const specifiers = imports.map((one) => textOf(one.moduleSpecifier));
  return { name, text, imports: new Set(specifiers.flatMap((specifier) => partName(specifier) ?? [])), source };
}

/** How other parts are asked for. */
export interface Places {
  readonly place: (name: string) => string;
  /** Names of those that are loaded at their first use. */
  readonly late: ReadonlySet<string>;
}

/** A script, and what stands for the names that it takes from late parts. */
interface Rewritten {
  readonly script: string;
  readonly late: Readonly<Record<string, string>>;
}

/**
 * A part as a script that asks for other parts as `place` says, and for everything else with `require`. Names are taken
 * over once, when the part is loaded: parts do not import each other in circles, and nothing that is exported changes
 * later. Reading a property each time would slow down every loop, so only lazily loaded parts do that.
 */
export function rewritePart({ text, source }: Part, { place, late }: Places): Rewritten {
  const edits: Edit[] = [];
  const names: Record<string, string> = {};
  for (const statement of source.statements) {
    const lazy = lazyImport(statement, { place, late });
    if (lazy === undefined) continue;
    const holder = `late${edits.length}_`;
    for (const [local, name] of lazy.names) names[local] = `${holder}.part.${name}`;
    edits.push({ node: statement, replacement: holdLate(holder, lazy.required) });
  }
  const done = new Set(edits.map(({ node }) => node));
  for (const statement of source.statements) {
    if (done.has(statement)) continue;
    const replacement = replaceStatement(statement, place);
    if (replacement === undefined) findImportCalls(statement, place, edits);
    else edits.push({ node: statement, replacement });
  }
  edits.sort((a, b) => a.node.pos - b.node.pos);
  return { script: applyEdits(text, source, edits), late: names };
}

/** What of Node takes long to load while many runs do not use it. */
export const LOADED_LATE: ReadonlySet<string> = new Set([
  'node:child_process',
  'node:crypto',
  'node:fs/promises',
  'node:worker_threads',
  'node:zlib',
]);

/** An import that waits for its first use. */
interface LazyImport {
  /** The call that loads the module. */
  readonly required: string;
  /** Pairs of the local name and the name in the module. */
  readonly names: readonly (readonly [string, string])[];
}

/**
 * Returns what a statement imports from a lazily loaded part or from a lazily loaded module of Node. Each use of a name
 * becomes a property that is read from the module itself, never a wrapper: `promisify`, `new`, `instanceof` and
 * properties then see the real function.
 */
function lazyImport(statement: Statement, { place, late }: Places): LazyImport | undefined {
  if (!ts.isImportDeclaration(statement)) return undefined;
  const specifier = textOf(statement.moduleSpecifier);
  const part = partName(specifier);
  const isLate = part === undefined ? LOADED_LATE.has(specifier) : late.has(part);
  const bindings = statement.importClause?.namedBindings;
  if (!isLate || bindings === undefined || !ts.isNamedImports(bindings)) return undefined;
  const names = bindings.elements.map((one) => [one.name.text, (one.propertyName ?? one.name).text] as const);
  return { required: part === undefined ? requireCall(specifier) : place(part), names };
}

function requireCall(specifier: string): string {
  return `require(${JSON.stringify(specifier)})`;
}

/** An object that loads a part when it is first asked for it. */
function holdLate(holder: string, required: string): string {
  return `const ${holder} = { get part() { const value = ${required}; Object.defineProperty(this, "part", { value }); return value; } };`;
}

interface Edit {
  readonly node: Node;
  readonly replacement: string;
}

function applyEdits(text: string, source: SourceFile, edits: readonly Edit[]): string {
  const pieces: string[] = [];
  let copied = 0;
  for (const { node, replacement } of edits) {
    pieces.push(text.slice(copied, node.getStart(source)), replacement);
    copied = node.end;
  }
  return pieces.join('') + text.slice(copied);
}

/** Name of a part by the specifier that imports it; undefined for libraries and for what Node brings. */
function partName(specifier: string): string | undefined {
  return /^\.\/([^/]+\.cjs)$/.exec(specifier)?.[1];
}

function textOf(node: Expression): string {
  if (ts.isStringLiteral(node)) return node.text;
  throw new Error(`a part imports something that is no text: ${node.getText()}`);
}

function replaceStatement(statement: Statement, place: (name: string) => string): string | undefined {
  if (ts.isImportDeclaration(statement)) return replaceImport(statement, place);
  if (ts.isExportDeclaration(statement)) return replaceExport(statement);
  if (ts.isExportAssignment(statement)) throw new Error('a part has a default export of its own');
  return undefined;
}

function replaceImport({ importClause, moduleSpecifier }: ImportDeclaration, place: (name: string) => string): string {
  const specifier = textOf(moduleSpecifier);
  const part = partName(specifier);
  const required = part === undefined ? requireCall(specifier) : place(part);
  // Only for its effects: parts have none.
  if (importClause === undefined) return part === undefined ? `${required};` : '';
  const { name, namedBindings } = importClause;
  if (name !== undefined || namedBindings === undefined) throw new Error(`a default import of ${specifier}`);
  if (ts.isNamespaceImport(namedBindings)) return `const ${namedBindings.name.text} = ${required};`;
  const bindings = namedBindings.elements.map((one) => `${(one.propertyName ?? one.name).text}: ${one.name.text}`);
  return `const { ${bindings.join(', ')} } = ${required};`;
}

/** One statement a name: Node reads them off the text where an ES module imports the library. */
function replaceExport({ exportClause, moduleSpecifier }: ExportDeclaration): string {
  if (exportClause === undefined || !ts.isNamedExports(exportClause) || moduleSpecifier !== undefined) {
    throw new Error('a part exports more than a list of names');
  }
  const names = exportClause.elements.map(
    (one) => `exports.${one.name.text} = ${(one.propertyName ?? one.name).text};`,
  );
  return names.join('\n');
}

function findImportCalls(node: Node, place: (name: string) => string, edits: Edit[]): void {
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword && node.arguments[0]) {
    const part = partName(textOf(node.arguments[0]));
    if (part !== undefined) edits.push({ node, replacement: `Promise.resolve().then(() => ${place(part)})` });
    return;
  }
  ts.forEachChild(node, (child) => findImportCalls(child, place, edits));
}
