import type { Document, LineCounter } from 'yaml';
import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';

/** Larger files are no manifests that a person wrote. Bytes. */
const LARGEST = 4 * 1024 * 1024;
const MOST_ALIASES = 100;
const MOST_DOCUMENTS = 2_000;

/** A path of keys and indexes. */
export type NodePath = readonly (string | number)[];

/** One YAML document and the places of its nodes. */
export interface YamlDocument {
  readonly value: unknown;
  /** Start and end of a node, 1-based; the nearest parent's where the node is absent. */
  place(path: NodePath): { readonly start: Place; readonly end: Place };
}

/** 1-based line and column. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * Parses all documents of a file. Aliases are bounded, so that an alias bomb is a gap and not a full memory. JSON is YAML.
 * The parser is loaded on the first call.
 */
export async function readYamlDocuments(file: Artifact): Promise<YamlDocument[] | Gap> {
  const subject = file.origin.path;
  if (file.bytes.length > LARGEST)
    return { reason: 'too-large', subject, message: `${subject}: more than ${LARGEST} bytes of YAML` };
  const { LineCounter, parseAllDocuments } = await import('yaml');
  const lines = new LineCounter();
  const text = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length).toString('utf8');
  try {
    const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
    const documents = (Array.isArray(parsed) ? parsed : []).slice(0, MOST_DOCUMENTS);
    const [broken] = documents.flatMap((document) => document.errors);
    if (broken !== undefined) return malformed(subject, `${lines.linePos(broken.pos[0]).line}: ${broken.message}`);
    return documents.map((document) => toDocument(document, lines));
  } catch (error) {
    return malformed(subject, error instanceof Error ? `1: ${error.message}` : '1: not YAML');
  }
}

/** Tells the two results of `readYamlDocuments` apart. */
export function isGap(result: YamlDocument[] | Gap): result is Gap {
  return !Array.isArray(result);
}

function malformed(subject: string, message: string): Gap {
  return { reason: 'malformed', subject, message: `${subject}:${message}` };
}

function toDocument(document: Document.Parsed, lines: LineCounter): YamlDocument {
  const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  return {
    value,
    place(path) {
      for (let length = path.length; length >= 0; length -= 1) {
        const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
        const range: unknown = typeof node === 'object' && node !== null ? Reflect.get(node, 'range') : undefined;
        if (!Array.isArray(range)) continue;
        const [start, end] = range as number[];
        return { start: at(start ?? 0), end: at(end ?? start ?? 0) };
      }
      return { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
    },
  };
}
