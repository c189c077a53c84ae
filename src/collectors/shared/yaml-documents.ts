import { readYamlDocuments as readTexts, type YamlDocument, type YamlProblem } from '../../lib/yaml/read.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';

/** A larger file is no manifest that a person wrote. Bytes. */
const LARGEST = 4 * 1024 * 1024;

/** The readable documents of a file, and a gap for each that is not, and for what is beyond a limit. */
export interface YamlFile {
  readonly documents: readonly YamlDocument[];
  readonly gaps: readonly Gap[];
}

/** Parses all documents of a file in YAML or JSON. Never throws. */
export async function readYamlDocuments(file: Artifact): Promise<YamlFile> {
  const subject = file.origin.path;
  if (file.bytes.length > LARGEST) {
    const message = `${subject}: more than ${LARGEST} bytes of YAML were not read for identities; split the file`;
    return { documents: [], gaps: [{ reason: 'too-large', subject, message }] };
  }
  const text = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length).toString('utf8');
  const { documents, problems } = await readTexts(text);
  return { documents, gaps: problems.map((problem) => toGap(subject, problem)) };
}

function toGap(subject: string, { reason, line, message }: YamlProblem): Gap {
  if (reason === 'malformed') return { reason, subject, message: `${subject}:${line}: ${message}` };
  return { reason, subject, message: `${subject}: ${message} for identities; split the file` };
}
