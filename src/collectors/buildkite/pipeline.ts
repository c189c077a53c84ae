import { addConsumer, type NamedCredential, type PipelineFile, useCredentials } from '../shared/ci/pipeline.ts';
import { readSecretUse } from '../shared/ci/secrets.ts';
import { allTexts, asList, asObject, asText, asTexts, type Loose } from '../shared/loose.ts';

/** A whole version, or a commit. Plugins without an owner are those of Buildkite itself. */
const PINNED = /#(?:v?\d+\.\d+\.\d+(?:[-+][\w.-]+)?|[0-9a-f]{40})$/i;
const DEEPEST = 3;

interface Step {
  readonly fields: Loose;
  readonly path: readonly (string | number)[];
}

/** Adds the pipeline of a file and the steps that run commands. */
export function addPipeline(source: PipelineFile, file: Loose): void {
  const steps = stepsOf(file['steps'], ['steps'], 0);
  if (steps.length === 0) return;
  const variables = asObject(file['env']);
  const whole = readSecretUse({ scripts: [], variables });
  addConsumer(source, undefined, [], whole.facts, variables);
  for (const [index, step] of steps.entries()) addStep(source, step, index, { variables, secrets: file['secrets'] });
}

/** Steps, also those of groups. Waits, blocks and triggers run nothing here. */
function stepsOf(list: unknown, path: readonly (string | number)[], depth: number): readonly Step[] {
  if (depth > DEEPEST) return [];
  return asList(list).flatMap((entry, index) => {
    const fields = asObject(entry);
    const inner = asObject(fields['command'] ?? fields['commands'] ?? fields['script']);
    const place = [...path, index];
    if (fields['group'] !== undefined) return stepsOf(fields['steps'], [...place, 'steps'], depth + 1);
    const runs = ['command', 'commands', 'plugins', 'script'].some((name) => fields[name] !== undefined);
    // `command: {...}` is an older form of a step.
    const own = Object.keys(inner).length > 0 ? { ...fields, ...inner } : fields;
    return runs ? [{ fields: own, path: place }] : [];
  });
}

interface Around {
  readonly variables: Loose;
  readonly secrets: unknown;
}

function addStep(source: PipelineFile, { fields, path }: Step, index: number, around: Around): void {
  const scripts = [...asTexts(fields['command']), ...asTexts(fields['commands'])];
  const variables = asObject(fields['env']);
  const plugins = pluginsOf(fields['plugins']);
  const use = readSecretUse({
    scripts,
    variables,
    more: plugins.map(({ settings }) => settings),
    outer: around.variables,
  });
  const names = [
    ...new Set([...use.names, ...secretsOf(fields['secrets']), ...secretsOf(around.secrets), ...fetched(scripts)]),
  ].sort();
  const floating = plugins
    .filter(({ name }) => name.includes('/') && !PINNED.test(name))
    .map(({ name }) => name.slice(0, 200));
  const role = plugins.some(({ name }) => /aws-assume-role-with-web-identity|gcp-workload-identity/.test(name));
  const facts = {
    ...use.facts,
    usesSecrets: names,
    idTokenWrite: role || scripts.some((script) => /\bbuildkite-agent\s+oidc\s+request-token\b/.test(script)),
    thirdPartyUnpinnedWithSecrets: names.length > 0 ? floating : [],
  };
  const label = asText(fields['key']) ?? asText(fields['label']) ?? asText(fields['name']) ?? String(index + 1);
  const id = addConsumer(source, label.slice(0, 200), path, facts, [
    scripts,
    variables,
    plugins.map(({ settings }) => settings),
  ]);
  const scope = source.file.origin.repository ?? '';
  const credentials = names.map((name): NamedCredential => ({ type: 'ci_variable', name, scope }));
  useCredentials(source, id, credentials, path);
}

interface Plugin {
  readonly name: string;
  readonly settings: unknown;
}

/** `plugins: [a#v1.0.0: {...}]`, the same as a map, or names alone. */
function pluginsOf(value: unknown): readonly Plugin[] {
  return asList(value).flatMap((entry): readonly Plugin[] => {
    if (typeof entry === 'string') return [{ name: entry, settings: undefined }];
    return Object.entries(asObject(entry)).map(([name, settings]) => ({ name, settings }));
  });
}

/** `secrets: [A]`, and `secrets: {VARIABLE: A}`. */
function secretsOf(value: unknown): readonly string[] {
  const names = Array.isArray(value) ? asTexts(value) : [...allTexts(asObject(value))].map(({ text }) => text);
  return names.filter((name) => /^[\w.-]{1,200}$/.test(name));
}

/** `buildkite-agent secret get NAME`. */
function fetched(scripts: readonly string[]): readonly string[] {
  const calls = scripts.flatMap((script) => [
    ...script.matchAll(/\bbuildkite-agent\s{1,20}secret\s{1,20}get\s{1,20}["']?([\w.-]{1,200})/g),
  ]);
  return calls.flatMap(([, name]) => name ?? []);
}
