import { posix } from 'node:path';
import type { Artifact } from '../../model/artifact.ts';
import { UNKNOWN } from '../shared/kubernetes/manifest.ts';
import { asObject, asText, type Loose } from '../shared/loose.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';
import { chooseBranches } from './branches.ts';
import { type Chart, includedName, isHelperFile, readHelpers } from './helpers.ts';
import { writeLists } from './lists.ts';
import { readValue } from './values.ts';

const DIRECTIVE_LINE = /^[ \t]*\{\{[^}]*\}\}[ \t]*\r?$/gm;
const DIRECTIVE = /\{\{-?([^}]*?)-?\}\}/g;
/** A value, and what is done to it that a reader can follow. */
const VALUE =
  /^\s*\$?\.(Values|Chart)((?:\.\w+)+)\s*(?:\|\s*(?:quote|squote|toString|default\s+["']?([\w./-]*)["']?)\s*)*$/;
const QUOTED = /["']([\w./-]+)["']/;
const PATH = /\.(\w+(?:\.\w+)+)/;

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
    charts.set(folder, { values: { ...values, [key]: asObject(documents[0]?.value) }, helpers });
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
  const chosen = chooseBranches(text, chart.values);
  const plain = withoutDirectives(await writeLists(chosen, chart, withoutDirectives), chart);
  return { origin: file.origin, bytes: Buffer.from(plain) };
}

function withoutDirectives(text: string, chart: Chart): string {
  return text
    .replace(DIRECTIVE_LINE, '')
    .replace(
      DIRECTIVE,
      (_, directive: string) =>
        resolve(directive, chart.values) ??
        includedName(directive, chart.values, chart.helpers) ??
        `${UNKNOWN}${nameOf(directive)}>`,
    );
}

/** The folder of the chart to which a file belongs; the top one for a file of no chart. */
function folderOf(path: string, charts: Charts): string {
  for (let folder = posix.dirname(path); folder !== '.' && folder !== '/'; folder = posix.dirname(folder)) {
    if (charts.get(folder)?.values['Chart'] !== undefined) return folder;
  }
  return '.';
}

function resolve(directive: string, values: Loose): string | undefined {
  const [, root = '', path = '', fallback] = VALUE.exec(directive) ?? [];
  if (root === '') return undefined;
  const text = asText(readValue(values, `${root}${path}`)) || fallback;
  return text !== undefined && /^[\w./:@-]+$/.test(text) ? text : undefined;
}

function nameOf(directive: string): string {
  return QUOTED.exec(directive)?.[1] ?? PATH.exec(directive)?.[1] ?? 'template';
}
