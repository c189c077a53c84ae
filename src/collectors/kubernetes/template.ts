import { posix } from 'node:path';
import type { Artifact } from '../../model/artifact.ts';
import { UNKNOWN } from '../shared/kubernetes/manifest.ts';
import { asObject } from '../shared/loose.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';
import { nameIn } from './evaluate.ts';
import { includeHelper, isHelperFile, readHelpers } from './helpers.ts';
import { writeLists } from './lists.ts';
import { readParts } from './parts.ts';
import { render } from './render.ts';
import { ROOT, withoutLargeMaps } from './scope.ts';
import type { Chart } from './values.ts';

/** Most directives that one file may follow, those of its helpers included, and most helpers that call one another. */
const MOST_DIRECTIVES = 100_000;
const DEEPEST = 8;

/** Charts of a repository, by folder. */
export type Charts = ReadonlyMap<string, Chart>;

const NOTHING: Chart = { values: {}, helpers: new Map() };

/** True for a file with template directives (`{{ ... }}`), as Helm charts have. */
export function isTemplate(file: Artifact): boolean {
  return Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length).includes('{{');
}

/** Reads the values, names and helpers of all charts. What is no YAML gives nothing: templates name it. */
export async function readCharts(files: readonly Artifact[]): Promise<Charts> {
  const charts = new Map<string, Chart>();
  for (const file of files) {
    const name = posix.basename(file.origin.path);
    const key = name === 'Chart.yaml' ? 'Chart' : name === 'values.yaml' ? 'Values' : undefined;
    if (key === undefined) continue;
    const { documents } = await readYamlDocuments(file);
    const folder = posix.dirname(file.origin.path);
    const { values, helpers } = charts.get(folder) ?? NOTHING;
    const read = asObject(withoutLargeMaps(documents[0]?.value, key));
    charts.set(folder, { values: { ...values, [key]: read }, helpers });
  }
  for (const file of files) if (isHelperFile(file.origin.path)) addHelpers(charts, file);
  return charts;
}

function addHelpers(charts: Map<string, Chart>, file: Artifact): void {
  const folder = folderOf(file.origin.path, charts);
  const { values, helpers } = charts.get(folder) ?? NOTHING;
  charts.set(folder, { values, helpers: new Map([...helpers, ...readHelpers(file)]) });
}

/**
 * Returns the file without its directives. Line numbers stay the same. A value that stands in the chart's values, or
 * that a helper takes from there, is written out. Another one becomes its own name in angle brackets, so that two
 * places that mean the same still do.
 */
export async function withoutTemplates(file: Artifact, charts: Charts): Promise<Artifact> {
  const text = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length).toString('utf8');
  const chart = charts.get(folderOf(file.origin.path, charts)) ?? NOTHING;
  const scope = {
    chart,
    dot: ROOT,
    variables: new Map<string, unknown>(),
    strict: false,
    include: includeHelper,
    depth: DEEPEST,
    budget: { left: MOST_DIRECTIVES },
  };
  const plain = (part: string): string => render(part, { ...scope, variables: new Map() }) ?? part;
  const written = await writeLists(plain(text), chart, (part) => withoutDirectives(plain(part)));
  return { origin: file.origin, bytes: Buffer.from(withoutDirectives(written)) };
}

/** Takes out what was left for lists, and could not be written. */
function withoutDirectives(text: string): string {
  const lines = text.split('\n').map((line) => {
    const parts = line.includes('{{') ? readParts(line) : [];
    if (parts.length === 0) return line;
    if (parts.every((part) => part.directive !== undefined || part.text.trim() === '')) return '';
    return parts
      .map((part) => (part.directive === undefined ? part.text : `${UNKNOWN}${nameIn(part.directive)}>`))
      .join('');
  });
  return lines.join('\n');
}

/** The folder of the chart to which a file belongs; the top one for a file of no chart. */
function folderOf(path: string, charts: Charts): string {
  for (let folder = posix.dirname(path); folder !== '.' && folder !== '/'; folder = posix.dirname(folder)) {
    if (charts.get(folder)?.values['Chart'] !== undefined) return folder;
  }
  return '.';
}
