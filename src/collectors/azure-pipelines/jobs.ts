import { asList, asObject, asText, asTexts, type Loose } from '../shared/loose.ts';

/** A job with its steps, at its place. */
export interface AzureJob {
  readonly name: string;
  readonly fields: Loose;
  readonly steps: readonly Loose[];
  /** Variables of the stage and of the job. */
  readonly variables: readonly Loose[];
  readonly path: readonly (string | number)[];
}

const DEEPEST = 8;
/** Hooks of a deployment, in the order in which they run. */
const HOOKS = ['preDeploy', 'deploy', 'routeTraffic', 'postRouteTraffic'];

/** The jobs of a file: of its stages, of its list of jobs, or the one that its steps are. */
export function jobsOf(file: Loose): readonly AzureJob[] {
  if (file['stages'] !== undefined) {
    return conditional(file['stages'], ['stages']).flatMap(({ entry, path }) => {
      const stage = asText(entry['stage']) ?? 'stage';
      return listedJobs(entry['jobs'], [...path, 'jobs'], `${stage}/`, variablesOf(entry['variables']));
    });
  }
  if (file['jobs'] !== undefined) return listedJobs(file['jobs'], ['jobs'], '', []);
  if (file['steps'] === undefined) return [];
  const steps = conditional(file['steps'], ['steps']).map(({ entry }) => entry);
  return [{ name: 'steps', fields: {}, steps, variables: [], path: ['steps'] }];
}

/** Entries of `variables:`, which may be a map or a list. A group is an entry with the key `group`. */
export function variablesOf(variables: unknown): readonly Loose[] {
  if (Array.isArray(variables)) return conditional(variables, []).map(({ entry }) => entry);
  return Object.entries(asObject(variables)).map(([name, value]) => ({ name, value }));
}

/** True for a job of the kind that has an environment and its history. */
export function isDeployment(fields: Loose): boolean {
  return fields['deployment'] !== undefined;
}

function listedJobs(
  jobs: unknown,
  path: readonly (string | number)[],
  prefix: string,
  variables: readonly Loose[],
): readonly AzureJob[] {
  return conditional(jobs, path).map(({ entry, path: place }, index) => {
    const name = asText(entry['job']) ?? asText(entry['deployment']) ?? asText(entry['template']) ?? `job ${index + 1}`;
    const lists = isDeployment(entry) ? deploymentSteps(asObject(entry['strategy'])) : [entry['steps']];
    const steps = lists.flatMap((list) => conditional(list, []).map(({ entry: step }) => step));
    return {
      name: `${prefix}${name}`,
      fields: entry,
      steps,
      variables: [...variables, ...variablesOf(entry['variables'])],
      path: place,
    };
  });
}

function deploymentSteps(strategy: Loose): readonly unknown[] {
  return Object.values(strategy).flatMap((way) => {
    const hooks = asObject(way);
    const after = Object.values(asObject(hooks['on']));
    return [...HOOKS.map((hook) => hooks[hook]), ...after].map((hook) => asObject(hook)['steps']);
  });
}

interface Placed {
  readonly entry: Loose;
  readonly path: readonly (string | number)[];
}

/** Entries of a list, also those under `${{ if ... }}:` and `${{ each ... }}:`, whatever the condition says. */
function conditional(list: unknown, path: readonly (string | number)[], depth = 0): readonly Placed[] {
  if (depth > DEEPEST) return [];
  return asList(list).flatMap((value, index) => {
    const entry = asObject(value);
    const [key = ''] = Object.keys(entry);
    const place = [...path, index];
    if (/^\$\{\{\s*(?:if|elseif|else|each)\b/.test(key)) return conditional(entry[key], [...place, key], depth + 1);
    return Object.keys(entry).length === 0 ? [] : [{ entry, path: place }];
  });
}

/** Names of groups among variables. A name that an expression gives is not known here. */
export function groupsOf(variables: readonly Loose[]): readonly string[] {
  return variables.flatMap((entry) => asTexts(entry['group'])).filter((name) => !name.includes('$'));
}
