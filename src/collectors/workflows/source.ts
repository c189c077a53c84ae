import type { YamlDocument, YamlPath } from '../../lib/yaml/read.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { Evidence } from '../../model/identity.ts';
import { type Drafts, locationOf } from '../shared/identity-drafts.ts';

/** Name of the collector, as evidence says it. */
const COLLECTOR = 'workflows';

/** A file that is read: its document, and the id of the identity that stands for the whole file. */
export interface Source {
  readonly drafts: Drafts;
  readonly file: Artifact;
  readonly document: YamlDocument;
  readonly repository: string;
  readonly id: string;
}

/** Evidence at the key of a value: where people look for what it names. */
export function evidenceOfKey(source: Source, path: YamlPath): Evidence {
  return { collector: COLLECTOR, source: source.file.origin.path, location: locationAt(source, path, 'key') };
}

/** Evidence at the start of a value. */
export function evidenceOf(source: Source, path: YamlPath): Evidence {
  return { collector: COLLECTOR, source: source.file.origin.path, location: locationAt(source, path) };
}

/** The place of the first character of a value, or of its key. */
export function locationAt(
  source: Source,
  path: YamlPath,
  what: 'key' | 'value' = 'value',
): NonNullable<Evidence['location']> {
  const { start } = source.document.place(path, what);
  const end = { line: start.line, column: start.column + 1 };
  return locationOf(COLLECTOR, source.file.origin, start, end);
}
