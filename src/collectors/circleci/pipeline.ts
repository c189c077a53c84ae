import { addConsumer, type NamedCredential, type PipelineFile, useCredentials } from '../shared/ci/pipeline.ts';
import { readSecretUse } from '../shared/ci/secrets.ts';
import { allTexts, asList, asObject, asText, type Loose } from '../shared/loose.ts';
import { floatingOrbs, orbsOf } from './orbs.ts';
import { type Placement, placementsOf } from './workflows.ts';

/** Adds the pipeline of a file, its jobs, and the jobs of orbs that its workflows run. */
export function addPipeline(source: PipelineFile, file: Loose): void {
  const orbs = asObject(file['orbs']);
  const floating = floatingOrbs(orbs);
  addConsumer(source, undefined, [], { unpinnedIncludes: [...floating.values()].sort() }, undefined);
  const commands = asObject(file['commands']);
  const jobs = asObject(file['jobs']);
  const placements = placementsOf(asObject(file['workflows']));
  for (const [name, job] of Object.entries(jobs)) {
    const own = placements.filter((placement) => placement.job === name);
    addJob(source, { name, job: asObject(job), path: ['jobs', name], commands, placements: own, floating });
  }
  for (const placement of placements) {
    const { job, parameters, path } = placement;
    if (job in jobs || !job.includes('/')) continue;
    const steps = [{ [job]: parameters }];
    addJob(source, { name: placement.name, job: { steps }, path, commands, placements: [placement], floating });
  }
}

interface JobInput {
  readonly name: string;
  readonly job: Loose;
  readonly path: readonly (string | number)[];
  readonly commands: Loose;
  readonly placements: readonly Placement[];
  readonly floating: ReadonlyMap<string, string>;
}

function addJob(source: PipelineFile, { name, job, path, commands, placements, floating }: JobInput): void {
  const steps = stepsOf(job['steps'], commands);
  const scripts = steps.flatMap((step) => asText(step['run']) ?? asText(asObject(step['run'])['command']) ?? []);
  const variables = asObject(job['environment']);
  const parameters = placements.map((placement) => placement.parameters);
  const use = readSecretUse({ scripts, variables, more: [steps, parameters] });
  const contexts = [...new Set(placements.flatMap((placement) => placement.contexts))].sort();
  const changeable = orbsOf([...steps.flatMap((step) => Object.keys(step))]).flatMap((orb) => floating.get(orb) ?? []);
  const getsSecrets = contexts.length > 0 || use.names.length > 0;
  const facts = {
    ...use.facts,
    usesSecrets: [...new Set([...contexts, ...use.names])].sort(),
    contextOnAnyBranch: placements.some((placement) => placement.contexts.length > 0 && placement.anyBranch),
    thirdPartyUnpinnedWithSecrets: getsSecrets ? [...new Set(changeable)].sort() : [],
    // Every job that has a context gets an identity token; it counts where the job uses it.
    idTokenWrite: usesIdentityToken([steps, parameters]),
  };
  const id = addConsumer(source, name, path, facts, [steps, parameters, variables]);
  const { repository = '' } = source.file.origin;
  const owner = repository.split('/')[0] ?? '';
  const credentials: NamedCredential[] = [
    ...contexts.map((context) => ({ type: 'ci_context', name: context, scope: owner }) as const),
    ...use.names.map((variable) => ({ type: 'ci_variable', name: variable, scope: repository }) as const),
  ];
  useCredentials(source, id, credentials, path);
}

/** Steps of a job, and one level of commands of the file that it calls. */
function stepsOf(steps: unknown, commands: Loose, depth = 0): readonly Loose[] {
  return asList(steps).flatMap((step) => {
    const fields = typeof step === 'string' ? { [step]: {} } : asObject(step);
    const [name = ''] = Object.keys(fields);
    const command = name in commands && depth < 5 ? asObject(commands[name]) : undefined;
    const nested = name === 'when' || name === 'unless' ? asObject(fields[name])['steps'] : command?.['steps'];
    return nested === undefined || depth >= 5 ? [fields] : [fields, ...stepsOf(nested, commands, depth + 1)];
  });
}

function usesIdentityToken(parts: unknown): boolean {
  for (const { text, path } of allTexts(parts)) {
    if (/CIRCLE_OIDC_TOKEN/.test(text) || path.at(-1) === 'role_arn' || path.at(-1) === 'role-arn') return true;
  }
  return false;
}
