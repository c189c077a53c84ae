import type { ErrorObject, ValidateFunction } from 'ajv';
import { didYouMean } from '../../lib/text/nearest.ts';
import { shownName } from '../../lib/text/shown-name.ts';
import type { YamlPath } from '../../lib/yaml/read.ts';
import type { Problem } from '../problems.ts';
import type { YamlFile } from '../read/yaml-file.ts';
import type { FileKind } from './schema.ts';

/** Validates files of the three kinds. */
export interface Validator {
  validate(yaml: YamlFile, kind: FileKind): readonly Problem[];
}

/** Loads the validators, which no run without user rules pays for. */
export async function createValidator(): Promise<Validator> {
  const { detectionValidator, packValidator, postureValidator } = await import('./validators.generated.ts');
  const checks: Readonly<Record<FileKind, ValidateFunction>> = {
    detection: detectionValidator,
    pack: packValidator,
    posture: postureValidator,
  };
  return {
    validate: (yaml, kind) => {
      const check = checks[kind];
      check(yaml.value);
      return (check.errors ?? []).filter((error) => error.keyword !== 'if').map((error) => explain(yaml, error));
    },
  };
}

function explain(yaml: YamlFile, error: ErrorObject): Problem {
  const path = toPath(error.instancePath, yaml.value);
  const unknown = error.keyword === 'additionalProperties' ? String(error.params.additionalProperty) : undefined;
  const place = unknown === undefined ? yaml.locate(path) : yaml.locate([...path, unknown], 'key');
  return { severity: 'error', file: yaml.file, ...place, message: describe(error, nameOf(path)) };
}

/** A JSON pointer as keys and indexes; a digit is an index only where the parent is a list. */
function toPath(pointer: string, root: unknown): YamlPath {
  const path: (string | number)[] = [];
  let value: unknown = root;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const step = Array.isArray(value) ? Number(key) : key;
    path.push(step);
    value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
  }
  return path;
}

function nameOf(path: YamlPath): string {
  const names = path.map((part, index) =>
    typeof part === 'number' ? `[${part + 1}]` : `${index === 0 ? '' : '.'}${shownName(part)}`,
  );
  return names.length === 0 ? 'the file' : `"${names.join('')}"`;
}

function describe(error: ErrorObject, name: string): string {
  const describer = Object.hasOwn(DESCRIBERS, error.keyword) ? DESCRIBERS[error.keyword] : undefined;
  return describer?.(error, name) ?? `${name} ${error.message ?? 'is not valid'}`;
}

type Describer = (error: ErrorObject, name: string) => string;

const DESCRIBERS: Readonly<Record<string, Describer>> = {
  additionalProperties: (error, name) => {
    const fields = Object.keys((error.parentSchema?.['properties'] as object | undefined) ?? {});
    const key = String(error.params.additionalProperty);
    return `${name} has no field "${shownName(key)}"${didYouMean(key, fields)}; write one of ${fields.join(', ')}`;
  },
  required: (error, name) => `${name} lacks "${String(error.params.missingProperty)}"; add it`,
  type: (error, name) => `${name} is ${kindName(error.data)}; write ${article(String(error.params.type))}`,
  enum: (error, name) => {
    const allowed = (error.params.allowedValues as readonly unknown[]).map(String);
    const given = String(error.data);
    return `${name} is "${given}"${didYouMean(given, allowed)}; write one of ${allowed.join(', ')}`;
  },
  pattern: (error, name) => `${name} is ${JSON.stringify(error.data)}; ${advice(String(error.params.pattern))}`,
  minLength: (error, name) => `${name} is too short; write at least ${String(error.params.limit)} characters`,
  maxLength: (error, name) => `${name} is too long; write at most ${String(error.params.limit)} characters`,
  minItems: (_, name) => `${name} is empty; write at least one entry`,
  maxItems: (error, name) => `${name} has too many entries; write at most ${String(error.params.limit)}`,
  minimum: (error, name) => `${name} is too small; write ${String(error.params.limit)} or more`,
  maximum: (error, name) => `${name} is too large; write ${String(error.params.limit)} or less`,
  minProperties: (_, name) => `${name} says too little; write a condition as an attribute with one operator`,
  maxProperties: (_, name) =>
    `${name} says too much at once; write one of its fields, and combine with all, any or not`,
};

function advice(pattern: string): string {
  if (pattern === '^https://') return 'write an https address';
  if (pattern.startsWith('^NHI')) return 'write NHI1 to NHI10';
  if (pattern.includes('(-[a-z0-9]+)')) return 'write lower-case words with hyphens';
  if (pattern.includes('(_[a-z0-9]+)')) return 'write lower-case words with underscores';
  return 'write letters, digits and underscores';
}

function kindName(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : `the ${typeof value} ${JSON.stringify(value)}`;
}

function article(type: string): string {
  const names: Readonly<Record<string, string>> = { array: 'a list', object: 'a map', integer: 'a whole number' };
  return names[type] ?? `a ${type}`;
}
