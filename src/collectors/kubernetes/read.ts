import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import { readJsonItems } from '../shared/json-items.ts';
import { isJson, LINE } from '../shared/kubernetes/dump.ts';
import { asList, asObject, asText } from '../shared/loose.ts';
import { readYamlDocuments, type YamlFile } from '../shared/yaml-documents.ts';
import { isLargeYaml, readLargeYaml } from './large-yaml.ts';
import { bodyOf, PROBLEM, READ_ITEMS, type WrittenObject, withKind } from './written.ts';

/** JSON of this size is read item by item: without exact columns, but with the memory of one item. */
export const LARGE_JSON = 256 * 1024;
/** Most gaps of one file; the last one says that there are more. */
const MOST_GAPS = 20;

/**
 * Yields the objects of a file: documents of YAML or JSON, and the items of a `List` or of a list of one kind, as an
 * API server answers. What cannot be read is a gap and hides nothing else.
 */
export async function* readObjects(file: Artifact): AsyncGenerator<WrittenObject | Gap> {
  let gaps = 0;
  for await (const item of readAny(file)) {
    if ('body' in item) yield item;
    else if (gaps < MOST_GAPS) {
      gaps += 1;
      yield gaps < MOST_GAPS
        ? item
        : { ...item, message: `${item.message}; further problems of the file are not listed` };
    }
  }
}

async function* readAny(file: Artifact): AsyncGenerator<WrittenObject | Gap> {
  if (isCondensed(file) || (file.bytes.length > LARGE_JSON && isJson(file.bytes))) yield* readJson(file);
  else if (isLargeYaml(file)) yield* readLargeYaml(file);
  else yield* fromDocuments(await readYamlDocuments(file));
}

/** A condensed dump may be small. Each of its objects stands on a line of its own. */
function isCondensed({ bytes }: Artifact): boolean {
  return isJson(bytes) && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(LINE);
}

function* readJson(file: Artifact): Generator<WrittenObject | Gap> {
  for (const item of readJsonItems(file.bytes, READ_ITEMS)) {
    if ('problem' in item) yield malformed(file, item.line, item.problem);
    else {
      const body = bodyOf(item);
      const line = Number(body[LINE] ?? item.line);
      const problem = asText(body[PROBLEM]);
      yield problem === undefined ? { body, line, column: 1 } : malformed(file, line, problem);
    }
  }
}

function malformed({ origin: { path: subject } }: Artifact, line: number, problem: string): Gap {
  return { reason: 'malformed', subject, message: `${subject}:${line}: ${problem}` };
}

function* fromDocuments({ documents, gaps }: YamlFile): Generator<WrittenObject | Gap> {
  for (const document of documents) {
    const body = asObject(document.value);
    const place = (path: readonly (string | number)[]) => document.place([...path, 'metadata', 'name']).start;
    if (!Array.isArray(body['items']) || !(asText(body['kind']) ?? '').endsWith('List')) {
      yield { body, ...place([]) };
      continue;
    }
    for (const [index, item] of asList(body['items']).entries()) {
      yield { body: withKind(asObject(item), body), ...place(['items', index]) };
    }
  }
  yield* gaps;
}
