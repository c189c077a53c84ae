import type { YamlDocument, YamlPath } from '../../lib/yaml/read.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { Evidence } from '../../model/identity.ts';
import { locationOf } from './identity-drafts.ts';
import { LINE, readCondensedList } from './kubernetes/dump.ts';
import { asList, asObject, type Loose } from './loose.ts';
import { readYamlDocuments } from './yaml-documents.ts';

/** A document of a file in YAML or JSON, and where its values stand. */
export interface PlacedDocument {
  readonly path: string;
  readonly repository: string;
  readonly value: Loose;
  /** The place of a value, from its first to its last line. */
  evidence(path: YamlPath): Evidence;
}

/** Reads the documents of a file for a collector, and says what cannot be read. Never throws. */
export async function readPlaced(
  collector: string,
  file: Artifact,
): Promise<{ readonly documents: readonly PlacedDocument[]; readonly gaps: readonly Gap[] }> {
  const list = readCondensedList(file.bytes);
  if (list !== undefined) return { documents: [toListed(collector, file, list)], gaps: [] };
  const { documents, gaps } = await readYamlDocuments(file);
  return { documents: documents.map((document) => toPlaced(collector, file, document)), gaps };
}

function toPlaced(collector: string, { origin }: Artifact, document: YamlDocument): PlacedDocument {
  const evidence = (path: YamlPath): Evidence => {
    const { start, end } = document.place(path);
    const key = document.place(path, 'key').start;
    const first = key.line <= start.line ? key : start;
    return { collector, source: origin.path, location: locationOf(collector, origin, first, end) };
  };
  return { path: origin.path, repository: origin.repository ?? '', value: asObject(document.value), evidence };
}

/** A list whose objects carry their lines. */
function toListed(collector: string, { origin }: Artifact, value: Loose): PlacedDocument {
  const items = asList(value['items']).map(asObject);
  const evidence = ([, index]: YamlPath): Evidence => {
    const start = { line: Number(items[Number(index)]?.[LINE] ?? 1), column: 1 };
    return { collector, source: origin.path, location: locationOf(collector, origin, start, start) };
  };
  return { path: origin.path, repository: origin.repository ?? '', value, evidence };
}
