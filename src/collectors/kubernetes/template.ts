import type { Artifact } from '../../model/artifact.ts';

const DIRECTIVE_LINE = /^[ \t]*\{\{[^}]*\}\}[ \t]*$/gm;
const DIRECTIVE = /\{\{[^}]*\}\}/g;

/** True for a file with template directives (`{{ ... }}`), as Helm charts have. */
export function isTemplate(file: Artifact): boolean {
  return Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length).includes('{{');
}

/** Returns the file without its directives. Line numbers stay the same. A templated value becomes a word. */
export function withoutTemplates(file: Artifact): Artifact {
  const text = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length).toString('utf8');
  const plain = text.replace(DIRECTIVE_LINE, '').replace(DIRECTIVE, 'templated');
  return { origin: file.origin, bytes: Buffer.from(plain) };
}
