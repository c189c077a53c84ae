import { addConsumer, type NamedCredential, type PipelineFile, useCredentials } from '../shared/ci/pipeline.ts';
import { readSecretUse } from '../shared/ci/secrets.ts';
import { asList, asObject, asText, asTexts, type Loose } from '../shared/loose.ts';
import { secretsOf, withoutSecrets } from './secrets.ts';

/** A whole version or a digest. */
const PINNED = /:v?\d+\.\d+\.\d+(?:[-+][\w.-]+)?$|@sha256:/;
/** Images of the makers of the two systems. */
const FIRST_PARTY = /^(?:docker\.io\/)?(?:plugins|woodpeckerci|drone)\//;

/** True for a file of Woodpecker, which also reads what Drone did. */
export function isWoodpecker(path: string): boolean {
  return /(?:^|\/)\.woodpecker(?:\.|\/)/.test(path);
}

/** Adds the pipeline of a document and its steps. A document may also declare a secret that a store has. */
export function addPipeline(source: PipelineFile, document: Loose): void {
  const kind = asText(document['kind']);
  if (kind !== undefined && kind !== 'pipeline') return;
  const steps = stepsOf(document);
  if (steps.length === 0) return;
  addConsumer(source, undefined, [], {}, undefined);
  const name = asText(document['name']);
  const events = eventsOf(document['trigger'] ?? document['when']);
  for (const step of steps) addStep(source, step, name, events);
}

interface Step {
  readonly name: string;
  readonly fields: Loose;
  readonly path: readonly (string | number)[];
}

/** Steps in a list, or by their name; `pipeline` is the older word of Woodpecker. */
function stepsOf(document: Loose): readonly Step[] {
  const section = document['steps'] === undefined ? 'pipeline' : 'steps';
  const steps = document[section];
  if (Array.isArray(steps)) {
    return steps.map((step: unknown, index) => {
      const fields = asObject(step);
      return { name: asText(fields['name']) ?? String(index + 1), fields, path: [section, index] };
    });
  }
  return Object.entries(asObject(steps)).map(([name, step]) => ({
    name,
    fields: asObject(step),
    path: [section, name],
  }));
}

function addStep(source: PipelineFile, step: Step, pipeline: string | undefined, outer: readonly string[]): void {
  const { fields, path } = step;
  const scripts = asTexts(fields['commands']);
  const [environment, settings] = [fields['environment'], fields['settings']].map((part) => asObject(part));
  const { names, clouds } = secretsOf(fields);
  const use = readSecretUse({ scripts, variables: withoutSecrets(environment), more: withoutSecrets(settings) });
  const own = eventsOf(fields['when']);
  const events = own.length > 0 ? own : outer;
  const image = asText(fields['image']) ?? '';
  const isFloating = names.length > 0 && image !== '' && !PINNED.test(image) && !FIRST_PARTY.test(image);
  const facts = {
    ...use.facts,
    usesSecrets: names,
    staticCloudCredentials: [...new Set([...asTexts(use.facts['staticCloudCredentials']), ...clouds])].sort(),
    triggers: triggersOf(events),
    thirdPartyUnpinnedWithSecrets: isFloating ? [image.slice(0, 200)] : [],
  };
  const name = pipeline === undefined ? step.name : `${pipeline}/${step.name}`;
  const id = addConsumer(source, name, path, facts, [scripts, environment, settings]);
  const scope = source.file.origin.repository ?? '';
  useCredentials(
    source,
    id,
    names.map((secret): NamedCredential => ({ type: 'ci_variable', name: secret, scope })),
    path,
  );
}

/** Events that a condition names. Woodpecker takes a list of conditions. */
function eventsOf(condition: unknown): readonly string[] {
  return asList(condition).flatMap((part) => {
    const event = asObject(part)['event'];
    return asTexts(asObject(event)['include'] ?? event);
  });
}

/** Undefined where no event is named: then every event runs it, and the server decides which secrets it gets. */
function triggersOf(events: readonly string[]): readonly string[] | undefined {
  const kinds = events.map((event) => {
    if (event.startsWith('pull_request')) return 'merge_request';
    return /^(?:manual|custom|promote|rollback|deployment)$/.test(event) ? 'manual' : 'push';
  });
  return kinds.length === 0 ? undefined : [...new Set(kinds)].sort();
}
