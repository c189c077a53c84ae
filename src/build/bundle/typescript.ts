import { createRequire } from 'node:module';
import type typescript from 'typescript';

/** Required, not imported: Node reads the nine megabytes of an import twice more, to learn what they export. */
export const ts: typeof typescript = createRequire(import.meta.url)('typescript');
