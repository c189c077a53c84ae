import { posix } from 'node:path';
import type { Artifact } from '../../model/artifact.ts';
import { UNKNOWN } from '../shared/kubernetes/manifest.ts';
import { asObject, asText, type Loose } from '../shared/loose.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';
import { chooseBranches } from './branches.ts';

const DIRECTIVE_LINE = /^[ \t]*\{\{[^}]*\}\}[ \t]*\r?$/gm;
const DIRECTIVE = /\{\{-?([^}]*?)-?\}\}/g;
/** A value, and what is done to it that a reader can follow. */
const VALUE =
  /^\s*\$?\.(Values|Chart)((?:\.\w+)+)\s*(?:\|\s*(?:quote|squote|toString|default\s+["']?([\w./-]*)["']?)\s*)*$/;
const QUOTED = /["']([\w./-]+)["']/;
const PATH = /\.(\w+(?:\.\w+)+)/;

/** Values of the charts of a repository, by folder. */
export type Charts = ReadonlyMap<string, Loose>;

/** True for a file with template directives (`{{ ... }}`), as Helm charts have. */
export function isTemplate(file: Artifact): boolean {
  return Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length).includes('{{');
}

/** Reads `values.yaml` and `Chart.yaml` of all charts. A file that is no YAML gives nothing: templates name it. */
export async function readCharts(files: readonly Artifact[]): Promise<Charts> {
  const charts = new Map<string, Loose>();
  for (const file of files) {
    const name = posix.basename(file.origin.path);
    const key = name === 'Chart.yaml' ? 'Chart' : name === 'values.yaml' ? 'Values' : undefined;
    if (key === undefined) continue;
    const { documents } = await readYamlDocuments(file);
    const folder = posix.dirname(file.origin.path);
    charts.set(folder, { ...charts.get(folder), [key]: asObject(documents[0]?.value) });
  }
  return charts;
}

/**
 * Returns the file without its directives. Line numbers stay the same. A value that stands in the chart's values is
 * written out. Another one becomes its own name in angle brackets, so that two places that mean the same still do.
 */
export function withoutTemplates(file: Artifact, charts: Charts): Artifact {
  const text = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.length).toString('utf8');
  const values = chartOf(file.origin.path, charts);
  const plain = chooseBranches(text, values)
    .replace(DIRECTIVE_LINE, '')
    .replace(DIRECTIVE, (_, directive: string) => resolve(directive, values) ?? `${UNKNOWN}${nameOf(directive)}>`);
  return { origin: file.origin, bytes: Buffer.from(plain) };
}

function chartOf(path: string, charts: Charts): Loose {
  for (let folder = posix.dirname(path); folder !== '.' && folder !== '/'; folder = posix.dirname(folder)) {
    const chart = charts.get(folder);
    if (chart?.['Chart'] !== undefined) return chart;
  }
  return charts.get('.') ?? {};
}

function resolve(directive: string, chart: Loose): string | undefined {
  const [, root = '', path = '', fallback] = VALUE.exec(directive) ?? [];
  if (root === '') return undefined;
  const value = path
    .slice(1)
    .split('.')
    .reduce<unknown>((part, key) => {
      const fields = asObject(part);
      // Helm writes the fields of a chart with a capital letter.
      return fields[key] ?? (root === 'Chart' ? fields[key.toLowerCase()] : undefined);
    }, chart[root]);
  const text = asText(value) || fallback;
  return text !== undefined && /^[\w./:@-]+$/.test(text) ? text : undefined;
}

function nameOf(directive: string): string {
  return QUOTED.exec(directive)?.[1] ?? PATH.exec(directive)?.[1] ?? 'template';
}
