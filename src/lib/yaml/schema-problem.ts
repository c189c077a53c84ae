import type { ErrorObject } from 'ajv';
import { shownName } from '../text/shown-name.ts';
import type { YamlDocument, YamlPath } from './read.ts';

/**
 * What a JSON Schema says of a file, as `file:line:column: where: what is wrong`. `base` is the path to the value that
 * was checked. Nothing of a value is quoted: it may be a secret.
 */
export function describeSchemaProblem(
  error: ErrorObject,
  parsed: YamlDocument,
  source: string,
  base: YamlPath = [],
): string {
  const steps = error.instancePath.split('/').slice(1);
  const path = [...base, ...steps.map((part) => (/^\d+$/.test(part) ? Number(part) : part))];
  const extra: unknown = error.params['additionalProperty'];
  const { line, column } = parsed.place(typeof extra === 'string' ? [...path, extra] : path).start;
  const where = path.length === 0 ? 'the file' : path.map((part) => shownName(String(part))).join('.');
  const allowed: unknown = error.params['allowedValues'];
  const hint = Array.isArray(allowed) ? `: ${allowed.join(', ')}` : '';
  const what =
    typeof extra === 'string' ? `unknown key "${shownName(extra)}"${knownKeys(error)}` : `${error.message}${hint}`;
  return `${source}:${line}:${column}: ${where}: ${what}`;
}

function knownKeys(error: ErrorObject): string {
  const parent = error.parentSchema?.['properties'];
  return typeof parent === 'object' && parent !== null ? `. Known: ${Object.keys(parent).join(', ')}` : '';
}
