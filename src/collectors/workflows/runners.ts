import { asList, asObject, asText, asTexts, type Loose } from '../shared/loose.ts';

/** Where a job runs. Undefined: an expression decides. */
export interface RunnerFacts {
  readonly [name: string]: boolean | string | undefined;
  readonly selfHosted: boolean | undefined;
  /** A group of runners, which are the organisation's own or larger ones of GitHub. */
  readonly runnerGroup: string | undefined;
}

/** Reads `runs-on`, also where it takes its labels from the matrix of the job. */
export function readRunner(job: Loose): RunnerFacts {
  const runsOn = job['runs-on'];
  const labels = asTexts(asObject(runsOn)['labels'] ?? runsOn).flatMap((label) => labelsOf(label, job));
  const known = labels.every((label) => !label.includes('${{'));
  const own = labels.includes('self-hosted');
  return { selfHosted: own ? true : known ? false : undefined, runnerGroup: asText(asObject(runsOn)['group']) };
}

function labelsOf(label: string, job: Loose): readonly string[] {
  const path = /^\$\{\{\s*matrix\.([\w.-]{1,200})\s*\}\}$/.exec(label)?.[1]?.split('.');
  if (path === undefined) return [label];
  const matrix = asObject(asObject(job['strategy'])['matrix']);
  const [dimension = '', ...fields] = path;
  // Only an entry of this dimension alone leaves a value out of every combination.
  const left = asList(matrix['exclude']).map(asObject);
  const without = left.filter((entry) => Object.keys(entry).length === 1).map((entry) => entry[dimension]);
  const values = [
    ...asList(matrix[dimension]).filter((value) => !without.includes(value)),
    ...asList(matrix['include']).map((entry) => asObject(entry)[dimension]),
  ].flatMap((value) => asTexts(fields.reduce((at: unknown, field) => asObject(at)[field], value)));
  return values.length === 0 ? [label] : values;
}

/** Names of containers of a job whose registry password stands in the file. */
export function containersWithLiteralPassword(job: Loose): readonly string[] {
  const containers = new Map([['container', job['container']]]);
  for (const [name, service] of Object.entries(asObject(job['services']))) containers.set(`services.${name}`, service);
  return [...containers].flatMap(([name, container]) => {
    const password = asText(asObject(asObject(container)['credentials'])['password']);
    const literal = password !== undefined && password !== '' && !password.includes('${{');
    return literal ? [name] : [];
  });
}
