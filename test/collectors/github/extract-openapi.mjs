// Makes fixtures/collectors/github/openapi.json: the answers of the endpoints that the collector reads, out of GitHub's
// official OpenAPI description, as JSON Schema. Not run by the tests.
//
//   npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz package/generated/api.github.com.json package/generated/ghec.json
//   node test/collectors/github/extract-openapi.mjs package/generated fixtures/collectors/github/openapi.json
//
// With operations behind the target, these are extracted, with the bodies of their requests:
//
//   node test/collectors/github/extract-openapi.mjs package/generated fixtures/action/openapi.json 'GET /user' \
//     'GET /repos/{owner}/{repo}/issues/{issue_number}/comments' 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments' \
//     'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}' 'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, target, ...asked] = process.argv.slice(2);
if (folder === undefined || target === undefined)
  throw new Error('usage: extract-openapi.mjs <generated> <target> [operations]');

const VERSION = '23.0.2';
const DROPPED = new Set([
  'description',
  'example',
  'examples',
  'title',
  'externalDocs',
  'deprecated',
  'xml',
  'nullable',
]);
const SOURCES = new URL('../../../src/collectors/github/endpoints/', import.meta.url);
/** Names of parameters differ between the description and our routes. */
const sameRoute = (a, b) => a.replace(/\{\w+\}/g, '{}') === b.replace(/\{\w+\}/g, '{}');

const descriptions = ['api.github.com.json', 'ghec.json'].map((name) =>
  JSON.parse(readFileSync(join(folder, name), 'utf8')),
);
const routes = readdirSync(SOURCES).flatMap((name) =>
  [...readFileSync(new URL(name, SOURCES), 'utf8').matchAll(/route: '([^']+)'/g)].map((found) => found[1]),
);

const paths = {};
const operations = {};
const definitions = {};
if (asked.length > 0) for (const operation of asked) addOperation(operation);
else for (const route of [...new Set(routes)].sort()) addRoute(route);
addDefinition(descriptions[0], 'basic-error');
const extract = {
  $comment: `@octokit/openapi@${VERSION} (MIT)`,
  ...(asked.length > 0 ? { operations: sorted(operations) } : { paths: sorted(paths) }),
  definitions: sorted(definitions),
};
writeFileSync(target, `${JSON.stringify(extract)}\n`);
console.log(`${Object.keys({ ...paths, ...operations }).length} paths, ${Object.keys(definitions).length} definitions`);

function addOperation(asked) {
  const [description] = descriptions;
  const [method, route] = asked.split(' ');
  const path = Object.keys(description.paths).find((one) => sameRoute(one, route));
  const operation = description.paths[path][method.toLowerCase()];
  const parameters = (operation.parameters ?? []).map((one) => resolve(description, one));
  const success = Object.entries(operation.responses).find(([status]) => status.startsWith('2'))?.[1];
  const answer = resolve(description, success).content?.['application/json'].schema;
  const request = operation.requestBody?.content['application/json'].schema;
  operations[asked] = {
    query: parameters
      .filter((one) => one.in === 'query')
      .map((one) => one.name)
      .sort(),
    ...(request === undefined ? {} : { request: convert(description, request) }),
    ...(answer === undefined ? {} : { answer: convert(description, answer) }),
  };
}

function addRoute(route) {
  for (const description of descriptions) {
    const path = Object.keys(description.paths).find((one) => sameRoute(one, route));
    const get = path === undefined ? undefined : description.paths[path].get;
    if (get === undefined) continue;
    const parameters = (get.parameters ?? [])
      .map((one) => resolve(description, one))
      .filter((one) => one.in === 'query');
    const schema = resolve(description, get.responses['200']).content['application/json'].schema;
    paths[route] = { query: parameters.map((one) => one.name).sort(), schema: convert(description, schema) };
    return;
  }
  throw new Error(`no description of ${route}`);
}

function resolve(description, value) {
  if (value.$ref === undefined) return value;
  return value.$ref
    .slice(2)
    .split('/')
    .reduce((one, key) => one[key], description);
}

/** OpenAPI 3.0 to JSON Schema: `nullable` becomes a second type, prose is dropped. */
function convert(description, schema) {
  if (schema.$ref !== undefined)
    return { $ref: `#/definitions/${addDefinition(description, schema.$ref.split('/').pop())}` };
  const kept = Object.entries(schema).filter(([key]) => !DROPPED.has(key) && !key.startsWith('x-'));
  const converted = Object.fromEntries(kept.map(([key, value]) => [key, convertPart(description, key, value)]));
  return schema.nullable === true ? { anyOf: [converted, { type: 'null' }] } : converted;
}

function convertPart(description, key, value) {
  if (key === 'properties') return mapValues(value, (one) => convert(description, one));
  if (['allOf', 'anyOf', 'oneOf'].includes(key)) return value.map((one) => convert(description, one));
  if (['items', 'additionalProperties', 'not'].includes(key) && typeof value === 'object')
    return convert(description, value);
  return value;
}

function addDefinition(description, name) {
  const key = name;
  if (definitions[key] !== undefined) return key;
  definitions[key] = {};
  definitions[key] = convert(description, description.components.schemas[name]);
  return key;
}

function mapValues(value, change) {
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, change(one)]));
}

function sorted(value) {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
