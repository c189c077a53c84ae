import { nearestNames } from '../lib/text/nearest.ts';
import { shownName } from '../lib/text/shown-name.ts';
import { isYamlProblem, readYaml, type YamlDocument, type YamlPath } from '../lib/yaml/read.ts';
import { describeSchemaProblem } from '../lib/yaml/schema-problem.ts';
import { ConfigError } from '../model/errors.ts';
import type { OutputSettings } from './contract.ts';
import { outputValidators } from './validators.generated.ts';

const LARGEST = 1024 * 1024;
const MOST_OUTPUTS = 100;

/**
 * Reads the receivers of a file: a map with the list `outputs`. Throws one `ConfigError` that names every problem as
 * `file:line:column: where: what to write instead`. No message holds a value of the file.
 */
export async function parseOutputs(text: string, source: string): Promise<readonly OutputSettings[]> {
  if (text.length > LARGEST) throw new ConfigError(`${source}: larger than ${LARGEST} bytes.`);
  const parsed = await readYaml(text);
  if (isYamlProblem(parsed)) throw new ConfigError(`${source}:${parsed.line}:${parsed.column}: ${parsed.message}`);
  const entries = listEntries(parsed, source);
  const problems = entries.flatMap((entry, index) => checkEntry(entry, index, parsed, source));
  if (problems.length === 0) problems.push(...findTwins(entries as OutputSettings[], parsed, source));
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return entries as OutputSettings[];
}

function listEntries(parsed: YamlDocument, source: string): readonly unknown[] {
  const { value } = parsed;
  if (value === null || value === undefined) return [];
  const refuse = (path: YamlPath, what: string): never => {
    throw new ConfigError(placed(parsed, source, path, what));
  };
  if (!isRecord(value)) return refuse([], 'write a map with the key "outputs" and a list below it');
  const unknown = Object.keys(value).find((key) => key !== 'outputs');
  if (unknown !== undefined) refuse([unknown], `unknown key "${shownName(unknown)}". Known: outputs`);
  const list: unknown = value['outputs'] ?? [];
  if (!Array.isArray(list)) return refuse(['outputs'], 'write a list: each receiver begins with "- name: ..."');
  if (list.length > MOST_OUTPUTS) refuse(['outputs'], `more than ${MOST_OUTPUTS} receivers`);
  return list;
}

function checkEntry(entry: unknown, index: number, parsed: YamlDocument, source: string): string[] {
  const path = ['outputs', index];
  const types = [...outputValidators.keys()];
  const type = isRecord(entry) ? entry['type'] : undefined;
  const validate = typeof type === 'string' ? outputValidators.get(type) : undefined;
  if (validate === undefined) {
    const [near] = nearestNames(typeof type === 'string' ? type : '', types);
    const meant = near === undefined ? '' : ` (did you mean "${near}"?)`;
    return [placed(parsed, source, [...path, 'type'], `write one of: ${types.join(', ')}${meant}`)];
  }
  if (validate(entry)) return [];
  return (validate.errors ?? []).map((error) => {
    const said = describeSchemaProblem(error, parsed, source, path);
    const known = error.parentSchema?.['properties'];
    return (
      said + adviseOn(error.params['additionalProperty'], isRecord(known) ? Object.keys(known) : [], error.instancePath)
    );
  });
}

/** What to write instead of a value that must not stand in a file, or of a text that is no name of a variable. */
function adviseOn(extra: unknown, known: readonly string[], path: string): string {
  const wanted = `${String(extra)}-from`;
  if (typeof extra === 'string' && known.includes(wanted)) {
    return `. Values of receivers never stand in this file: write "${wanted}: NAME", and put the value in the environment as NAME`;
  }
  if (path.endsWith('-from')) return '. Write the name of a variable of the environment, such as ALERTS_TOKEN';
  if (path.endsWith('/url') || path.endsWith('/api')) return '. Write an address that begins with https://';
  return '';
}

function findTwins(entries: readonly OutputSettings[], parsed: YamlDocument, source: string): string[] {
  const names = entries.map(({ name }) => name);
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [placed(parsed, source, ['outputs', index, 'name'], 'two receivers have this name: give each its own')],
  );
}

function placed(parsed: YamlDocument, source: string, path: YamlPath, what: string): string {
  const { line, column } = parsed.place(path).start;
  const where = path.length === 0 ? 'the file' : path.map((part) => shownName(String(part))).join('.');
  return `${source}:${line}:${column}: ${where}: ${what}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
