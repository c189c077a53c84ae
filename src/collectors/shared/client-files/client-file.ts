import type { Artifact, Origin } from '../../../model/artifact.ts';
import type { Gap } from '../../../model/gap.ts';
import type { Evidence } from '../../../model/identity.ts';
import type { DeclaredItem } from '../../contract.ts';
import { Drafts, locationOf } from '../identity-drafts.ts';
import { isExample } from './example.ts';

/** A larger file is none that a client program reads. Bytes. */
const LARGEST = 2 * 1024 * 1024;
const SCOPE = 'declarations';

/** A file of a client program as text, with what a reader needs to say where something stands. */
export interface ClientFile {
  readonly path: string;
  readonly repository: string;
  readonly origin: Origin;
  readonly text: string;
  readonly bytes: Uint8Array;
  /** The place of a declaration: line and, if given, last line; both from 1. */
  evidence(line: number, lastLine?: number): Evidence;
  /** A gap at a line. The message says what was not read and what to do. */
  gap(line: number, message: string, reason?: Gap['reason']): Gap;
}

/** Adds what a file declares, and returns what could not be read. */
export type ReadClientFile = (file: ClientFile, drafts: Drafts) => readonly Gap[] | Promise<readonly Gap[]>;

/** Reads files of clients one after the other. Examples are left out and named, files that are too large are gaps. */
export async function* collectClientFiles(
  collector: string,
  files: readonly Artifact[],
  read: ReadClientFile,
): AsyncGenerator<DeclaredItem> {
  const drafts = new Drafts();
  for (const artifact of files) {
    const { path } = artifact.origin;
    if (isExample(path)) {
      yield { kind: 'skip', scope: SCOPE, skip: { reason: 'template', subject: path } };
      continue;
    }
    const gaps =
      artifact.bytes.length > LARGEST ? [tooLarge(path)] : await read(toClientFile(collector, artifact), drafts);
    for (const gap of gaps) yield { kind: 'gap', scope: SCOPE, gap };
  }
  yield* drafts.collected();
}

/** A file as text. A byte order mark is no part of it. */
export function toClientFile(collector: string, { origin, bytes }: Artifact): ClientFile {
  const { path, repository = '' } = origin;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  const evidence = (line: number, lastLine = line): Evidence => {
    const [start, end] = [
      { line, column: 1 },
      { line: lastLine, column: 2 },
    ];
    return { collector, source: path, location: locationOf(collector, origin, start, end) };
  };
  const gap = (line: number, message: string, reason: Gap['reason'] = 'malformed'): Gap => {
    return { reason, subject: path, message: `${path}:${line}: ${message}` };
  };
  return { path, repository, origin, text, bytes, evidence, gap };
}

function tooLarge(path: string): Gap {
  return {
    reason: 'too-large',
    subject: path,
    message: `${path}: more than ${LARGEST} bytes were not read for identities; split the file`,
  };
}
