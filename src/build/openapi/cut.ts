import { UsageError } from '../../model/errors.ts';

/** An official description of an API, or a part of it. */
export type Node = Readonly<Record<string, unknown>>;

/** One operation, as the tests need it. */
export interface CutOperation {
  /** Names of the query parameters. */
  readonly query: readonly string[];
  /** JSON Schema of the body that is sent. */
  readonly request?: unknown;
  /** JSON Schema of the good answer. */
  readonly answer?: unknown;
}

/** The operations that are used, and the definitions that they need. */
export interface Cut {
  readonly operations: Readonly<Record<string, CutOperation>>;
  readonly definitions: Readonly<Record<string, unknown>>;
}

/** Prose, and what JSON Schema does not know. */
const DROPPED = new Set([
  'description',
  'example',
  'examples',
  'title',
  'externalDocs',
  'deprecated',
  'discriminator',
  'xml',
  'nullable',
]);
const LISTS = new Set(['allOf', 'anyOf', 'oneOf']);
const SCHEMAS = new Set(['items', 'additionalProperties', 'not']);

/**
 * Cuts operations out of descriptions of OpenAPI 3.0. The first description that has an operation is used.
 *
 * @throws UsageError for an operation that none of them has
 */
export function cutOperations(descriptions: readonly Node[], operations: readonly string[]): Cut {
  const definitions = new Map<string, unknown>();
  const cut = operations.map((operation) => {
    for (const description of descriptions) {
      const found = findOperation(description, operation);
      if (found !== undefined) return [operation, cutOne({ description, definitions }, found)] as const;
    }
    throw new UsageError(`No description has the operation ${operation}.`);
  });
  return { operations: sorted(cut), definitions: sorted([...definitions]) };
}

/** One description, and what was already taken from all of them. */
interface Cutting {
  readonly description: Node;
  readonly definitions: Map<string, unknown>;
}

function cutOne(cutting: Cutting, operation: Node): CutOperation {
  const parameters = listIn(operation['parameters']).map((parameter) => resolve(cutting.description, parameter));
  const responses = Object.entries(nodeIn(operation['responses']));
  const success = nodeIn(responses.find(([status]) => status.startsWith('2'))?.[1]);
  const answer = schemaOf(resolve(cutting.description, success));
  const request = schemaOf(nodeIn(operation['requestBody']));
  return {
    query: parameters
      .filter((parameter) => parameter['in'] === 'query')
      .map((parameter) => String(parameter['name']))
      .sort(),
    ...(request === undefined ? {} : { request: convert(cutting, request) }),
    ...(answer === undefined ? {} : { answer: convert(cutting, answer) }),
  };
}

/** Names of parameters differ between a description and our routes. */
function findOperation(description: Node, operation: string): Node | undefined {
  const [method = '', route = ''] = operation.split(' ');
  const shape = (text: string): string => text.replace(/\{\w+\}/g, '{}');
  const found = Object.entries(nodeIn(description['paths'])).find(([path]) => shape(path) === shape(route));
  const described = found === undefined ? undefined : nodeIn(found[1])[method.toLowerCase()];
  return described === undefined ? undefined : nodeIn(described);
}

function schemaOf(message: Node): Node | undefined {
  const schema = nodeIn(nodeIn(message['content'])['application/json'])['schema'];
  return schema === undefined ? undefined : nodeIn(schema);
}

/** OpenAPI 3.0 to JSON Schema: `nullable` becomes a second type, prose is dropped. */
function convert(cutting: Cutting, schema: Node): unknown {
  const { $ref } = schema;
  if (typeof $ref === 'string') return { $ref: `#/definitions/${define(cutting, $ref.split('/').pop() ?? '')}` };
  const kept = Object.entries(schema).filter(([key]) => !DROPPED.has(key) && !key.startsWith('x-'));
  const converted = Object.fromEntries(kept.map(([key, value]) => [key, convertPart(cutting, key, value)]));
  return schema['nullable'] === true ? { anyOf: [converted, { type: 'null' }] } : converted;
}

function convertPart(cutting: Cutting, key: string, value: unknown): unknown {
  if (key === 'properties') {
    return Object.fromEntries(
      Object.entries(nodeIn(value)).map(([name, part]) => [name, convert(cutting, nodeIn(part))]),
    );
  }
  if (LISTS.has(key)) return listIn(value).map((part) => convert(cutting, part));
  return SCHEMAS.has(key) && typeof value === 'object' ? convert(cutting, nodeIn(value)) : value;
}

function define(cutting: Cutting, name: string): string {
  const { definitions, description } = cutting;
  if (definitions.has(name)) return name;
  definitions.set(name, {});
  definitions.set(name, convert(cutting, nodeIn(nodeIn(nodeIn(description['components'])['schemas'])[name])));
  return name;
}

function resolve(description: Node, value: Node): Node {
  const { $ref } = value;
  if (typeof $ref !== 'string') return value;
  return $ref
    .slice('#/'.length)
    .split('/')
    .reduce((node, key) => nodeIn(node[key]), description);
}

function nodeIn(value: unknown): Node {
  return typeof value === 'object' && value !== null ? (value as Node) : {};
}

function listIn(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.map(nodeIn) : [];
}

function sorted<T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
