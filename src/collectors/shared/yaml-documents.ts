import type { Document } from 'yaml';
import { describeYamlError } from '../../lib/yaml-message.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';

/** Larger files are no manifests that a person wrote. Bytes. */
const LARGEST = 4 * 1024 * 1024;
const MOST_ALIASES = 100;
/** Documents of one file. Each costs about a kilobyte, however short it is. */
const MOST_DOCUMENTS = 20_000;

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

/** The documents of a file that can be read, and a gap for each that cannot, and for what is beyond a limit. */
export interface YamlFile {
  readonly documents: readonly YamlDocument[];
  readonly gaps: readonly Gap[];
}

/**
 * Parses all documents of a file. Aliases are bounded, so that an alias bomb is a gap and not a full memory. JSON is
 * YAML. A document that is malformed does not hide the others: a line of three dashes ends it, wherever it stands (YAML
 * 1.2.2, 9.1.2). The parser is loaded on the first call.
 */
export async function readYamlDocuments(file: Artifact): Promise<YamlFile> {
  const subject = file.origin.path;
  if (file.bytes.length > LARGEST) {
    const message = `${subject}: more than ${LARGEST} bytes of YAML were not read for identities; split the file`;
    return { documents: [], gaps: [{ reason: 'too-large', subject, message }] };
  }
  const text = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length).toString('utf8');
  const library = await import('yaml');
  const whole = readPiece(library, subject, { text, line: 0 });
  if (!whole.gaps.some(({ reason }) => reason === 'malformed')) return whole;
  return joinPieces(subject, splitDocuments(text), (piece) => readPiece(library, subject, piece));
}

/** Text from a line of the file on, counted from 0. */
interface Piece {
  readonly text: string;
  readonly line: number;
}

function splitDocuments(text: string): Piece[] {
  const pieces: Piece[] = [];
  let line = 0;
  for (const piece of text.split(/^(?=---(?:[ \t\r\n]|$))/m)) {
    pieces.push({ text: piece, line });
    line += piece.split('\n').length - 1;
  }
  return pieces;
}

function joinPieces(subject: string, pieces: readonly Piece[], read: (piece: Piece) => YamlFile): YamlFile {
  const [documents, gaps]: [YamlDocument[], Gap[]] = [[], []];
  for (const piece of pieces) {
    if (documents.length >= MOST_DOCUMENTS) return { documents, gaps: [...gaps, tooMany(subject)] };
    const parsed = read(piece);
    documents.push(...parsed.documents);
    gaps.push(...parsed.gaps);
  }
  return { documents, gaps };
}

function readPiece(library: typeof import('yaml'), subject: string, { text, line }: Piece): YamlFile {
  const [documents, gaps]: [YamlDocument[], Gap[]] = [[], []];
  const lines = new library.LineCounter();
  const placeOf = (offset: number): Place => {
    const { line: own, col } = lines.linePos(offset);
    return { line: Math.max(1, own) + line, column: Math.max(1, col) };
  };
  const composer = new library.Composer({ uniqueKeys: false });
  const tokens = new library.Parser(lines.addNewLine).parse(text);
  try {
    for (const document of composer.compose(tokens, true, text.length)) {
      if (documents.length >= MOST_DOCUMENTS) return { documents, gaps: [...gaps, tooMany(subject)] };
      const [broken] = document.errors;
      if (broken !== undefined)
        gaps.push(malformed(subject, `${placeOf(broken.pos[0]).line}: ${describeYamlError(broken)}`));
      else documents.push(toDocument(document, placeOf));
    }
  } catch (error) {
    gaps.push(malformed(subject, `${line + 1}: ${describeYamlError(error)}`));
  }
  return { documents, gaps };
}

function tooMany(subject: string): Gap {
  const message = `${subject}: documents behind the first ${MOST_DOCUMENTS} were not read for identities; split the file`;
  return { reason: 'limit', subject, message };
}

function malformed(subject: string, message: string): Gap {
  return { reason: 'malformed', subject, message: `${subject}:${message}` };
}

function toDocument(document: Document.Parsed, placeOf: (offset: number) => Place): YamlDocument {
  const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
  return {
    value,
    place(path) {
      for (let length = path.length; length >= 0; length -= 1) {
        const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
        const range: unknown = typeof node === 'object' && node !== null ? Reflect.get(node, 'range') : undefined;
        if (!Array.isArray(range)) continue;
        const [start, end] = range as number[];
        return { start: placeOf(start ?? 0), end: placeOf(end ?? start ?? 0) };
      }
      return { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
    },
  };
}
