import { asList, asObject, asText, asTexts, type Loose } from '../shared/loose.ts';

/** A job at its place in a workflow. */
export interface Placement {
  readonly job: string;
  readonly name: string;
  readonly contexts: readonly string[];
  readonly parameters: Loose;
  /** No filter on branches and no approval stands before it. */
  readonly anyBranch: boolean;
  readonly path: readonly (string | number)[];
}

/** Every job of every workflow. */
export function placementsOf(workflows: Loose): readonly Placement[] {
  return Object.entries(workflows).flatMap(([workflow, value]) => {
    const jobs = asList(asObject(value)['jobs']);
    const approvals = new Set(jobs.flatMap(approvalName));
    return jobs.map((entry, index) => {
      const fields = typeof entry === 'string' ? { [entry]: {} } : asObject(entry);
      const [job = ''] = Object.keys(fields);
      const parameters = asObject(fields[job]);
      const path = ['workflows', workflow, 'jobs', index];
      const limited = isLimited(parameters) || asTexts(parameters['requires']).some((name) => approvals.has(name));
      return {
        job,
        name: `${workflow}/${asText(parameters['name']) ?? job}`,
        contexts: asTexts(parameters['context']).filter((context) => !context.includes('<<')),
        parameters,
        anyBranch: !limited,
        path,
      };
    });
  });
}

function approvalName(entry: unknown): readonly string[] {
  const [name = ''] = Object.keys(asObject(entry));
  return asText(asObject(asObject(entry)[name])['type']) === 'approval' ? [name] : [];
}

function isLimited(parameters: Loose): boolean {
  const filters = parameters['filters'];
  // A filter may be an expression of its own.
  if (typeof filters === 'string') return true;
  const branches = asObject(asObject(filters)['branches']);
  return branches['only'] !== undefined || branches['ignore'] !== undefined;
}
