import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import { asList, asObject, type Loose } from '../shared/loose.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';
import { type WrittenObject, withKind } from './written.ts';

/** YAML of this size is read piece by piece. Bytes. */
const LARGE = 1024 * 1024;
/** More YAML takes too long: about a second for each two megabytes. */
const LARGEST = 32 * 1024 * 1024;
/** Kinds that say something about identities, and those whose items do. A piece without one of them is not parsed. */
const WANTED =
  /^(?:- |[ \t]*)["']?kind["']?[ \t]*:[ \t]*["']?(?:\w*(?:Role|RoleBinding|ServiceAccount|Secret|Pod|PodTemplate|Deployment|DeploymentConfig|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|Job|CronJob|Rollout|CloneSet|Workflow|WorkflowTemplate|Service)(?:List)?|List)["']?[ \t\r]*$/m;

/** True for YAML that is read piece by piece. */
export function isLargeYaml({ bytes }: Artifact): boolean {
  return bytes.length > LARGE;
}

/** A text of a file, the line before it, and the fields of the list in which it is an item. */
interface Piece {
  readonly text: string;
  readonly line: number;
  readonly list?: Loose;
}

/** Splits a file into documents, and lists into their items, and parses one after the other. */
export async function* readLargeYaml(file: Artifact): AsyncGenerator<WrittenObject | Gap> {
  const subject = file.origin.path;
  if (file.bytes.length > LARGEST) {
    const message = `${subject}: more than ${LARGEST} bytes of YAML were not read for identities; write it as JSON (kubectl get -o json)`;
    yield { reason: 'too-large', subject, message };
    return;
  }
  const text = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length).toString('utf8');
  for (const piece of piecesOf(text)) {
    if (!piece.list && !WANTED.test(piece.text)) continue;
    yield* readPiece(file, piece);
  }
}

async function* readPiece(file: Artifact, { text, line, list }: Piece): AsyncGenerator<WrittenObject | Gap> {
  const { documents, gaps } = await readYamlDocuments({ origin: file.origin, bytes: Buffer.from(text) });
  for (const { value, place } of documents) {
    const [item, path] = list === undefined ? [value, []] : [asList(value)[0], [0]];
    const { start } = place([...path, 'metadata', 'name']);
    yield { body: withKind(asObject(item), list ?? {}), line: start.line + line, column: start.column };
  }
  const { path } = file.origin;
  for (const gap of gaps) {
    const message = gap.message.replace(/^(.*?):(\d+): /, (_, __, at: string) => `${path}:${Number(at) + line}: `);
    yield { ...gap, message };
  }
}

function* piecesOf(text: string): Generator<Piece> {
  let line = 0;
  for (const document of text.split(/^(?=---(?:[ \t\r\n]|$))/m)) {
    yield* itemsOf(document, line);
    line += countLines(document);
  }
}

/** The items of a list as kubectl writes it (`items:` and `- ` at the start of a line), else the document. */
function* itemsOf(text: string, line: number): Generator<Piece> {
  const head = /^items:[ \t]*\r?\n(?=- )/m.exec(text);
  if (head === null) {
    yield { text, line };
    return;
  }
  const start = head.index + head[0].length;
  const end = /^(?![- \n\r#])/m.exec(text.slice(start));
  const stop = end === null ? text.length : start + end.index;
  const around = `${text.slice(0, head.index)}\n${text.slice(stop)}`;
  const list = { kind: fieldOf(around, 'kind'), apiVersion: fieldOf(around, 'apiVersion') };
  let at = line + countLines(text.slice(0, start));
  for (const item of text.slice(start, stop).split(/^(?=- )/m)) {
    yield { text: item, line: at, list };
    at += countLines(item);
  }
}

function fieldOf(text: string, name: string): string | undefined {
  return new RegExp(`^${name}:[ \\t]*["']?([\\w./]+)`, 'm').exec(text)?.[1];
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
