import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../architecture/source-files.ts';

interface Attribute {
  readonly type: string;
  readonly array?: boolean;
  readonly required?: boolean;
  readonly deprecated?: boolean;
  readonly enum?: Readonly<Record<string, string>>;
}
interface Shape {
  readonly uid?: number;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly constraints?: { readonly at_least_one?: readonly string[] };
}
interface Schema {
  readonly version: string;
  readonly classes: Readonly<Record<string, Shape>>;
  readonly objects: Readonly<Record<string, Shape>>;
  readonly types: Readonly<Record<string, { readonly type?: string; readonly regex?: string }>>;
}

const SCHEMA = JSON.parse(readFileSync(join(ROOT, 'fixtures/outputs/ocsf-1.8.0.json'), 'utf8')) as Schema;

/** What the official schema says is wrong with an event. Attributes that it does not know are wrong as well. */
export function ocsfProblems(event: Readonly<Record<string, unknown>>): string[] {
  const shape = Object.values(SCHEMA.classes).find(({ uid }) => 2000 + Number(uid) === event['class_uid']);
  if (shape === undefined) return [`no class ${String(event['class_uid'])}`];
  const metadata = event['metadata'] as { readonly version?: string };
  return [
    ...checkShape(event, shape, 'event'),
    ...(event['category_uid'] === 2 ? [] : ['category_uid']),
    ...(event['type_uid'] === Number(event['class_uid']) * 100 + Number(event['activity_id']) ? [] : ['type_uid']),
    ...(metadata.version === SCHEMA.version ? [] : ['metadata.version']),
  ];
}

function checkShape(value: Readonly<Record<string, unknown>>, shape: Shape, at: string): string[] {
  const { attributes, constraints } = shape;
  const missing = Object.keys(attributes).filter((name) => attributes[name]?.required && value[name] === undefined);
  const needed = constraints?.at_least_one ?? [];
  const bare = needed.length > 0 && !needed.some((name) => value[name] !== undefined);
  const wrong = Object.entries(value).flatMap(([name, field]) => {
    const attribute = attributes[name];
    if (attribute === undefined) return [`${at}.${name} is unknown`];
    if (attribute.deprecated) return [`${at}.${name} is deprecated`];
    if (!attribute.array) return checkValue(field, attribute, `${at}.${name}`);
    if (!Array.isArray(field)) return [`${at}.${name} is no list`];
    return field.flatMap((item, index) => checkValue(item, attribute, `${at}.${name}[${index}]`));
  });
  return [
    ...missing.map((name) => `${at}.${name} is missing`),
    ...(bare ? [`${at} lacks all of ${needed}`] : []),
    ...wrong,
  ];
}

function checkValue(value: unknown, attribute: Attribute, at: string): string[] {
  const { type } = attribute;
  if (type === 'object' || type === 'json_t') return typeof value === 'object' ? [] : [`${at} is no object`];
  const object = SCHEMA.objects[type];
  if (object !== undefined) return checkShape(value as Readonly<Record<string, unknown>>, object, at);
  const known = SCHEMA.types[type];
  if (known === undefined) return [`${at} has the type ${type}, which the fixture lacks`];
  const base = known.type ?? type;
  const fits =
    base === 'string_t'
      ? typeof value === 'string' && (known.regex === undefined || new RegExp(known.regex).test(value))
      : base === 'boolean_t'
        ? typeof value === 'boolean'
        : Number.isInteger(value);
  if (!fits) return [`${at} is no ${type}`];
  return attribute.enum === undefined || String(value) in attribute.enum ? [] : [`${at} is none of its values`];
}
