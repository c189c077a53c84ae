import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A source file and the repository files that it imports (type imports included), as paths from the root. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?['"](\.[^'"]+)['"]|import\(\s*['"](\.[^'"]+)['"]\s*\)/g;

/** Every TypeScript file below a folder, with its imports resolved. */
export function readSources(folder: string): SourceFile[] {
  const entries = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'));
  return files.map((entry) => {
    const path = relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/');
    const text = readFileSync(join(ROOT, path), 'utf8');
    return { path, text, imports: readImports(path, text) };
  });
}

function readImports(path: string, text: string): string[] {
  const targets: string[] = [];
  for (const [, one, other] of text.matchAll(IMPORT)) {
    const target = one ?? other;
    if (target !== undefined) targets.push(posix.normalize(posix.join(posix.dirname(path), target)));
  }
  return targets;
}
