import { defined } from '../../lib/fields/defined.ts';
import type { Collected } from '../contract.ts';
import { PROVIDER } from './identify/names.ts';
import type { Variable } from './schema.ts';

const SCOPE = 'variables';

/** Where variables stand. */
export interface VariablePlace {
  /** `acme`, `acme/app`, `acme/app/environments/production`. */
  readonly owner: string;
  /** `owner/name`, for variables below a repository. */
  readonly repository?: string;
}

/**
 * Actions variables are readable by design, so a secret in one is in plain text: each becomes one text, `NAME=value`,
 * that the secret rules run on. A variable from a dump has no value any more and is skipped.
 */
export function* scanVariables(variables: readonly Variable[], place: VariablePlace): Generator<Collected> {
  yield { kind: 'plan', scope: SCOPE, unit: 'variables', count: variables.length };
  for (const { name, value } of variables) {
    const path = `github:${place.owner}/variables/${name}`;
    if (value === undefined) yield { kind: 'skip', scope: SCOPE, skip: { reason: 'excluded', subject: path } };
    else if (value === '') yield { kind: 'skip', scope: SCOPE, skip: { reason: 'empty', subject: path } };
    else yield toArtifact(path, `${name}=${value}\n`, place);
  }
}

function toArtifact(path: string, text: string, place: VariablePlace): Collected {
  const exposure = place.repository === undefined ? 'organisation' : 'private';
  const repository = defined({ repository: place.repository });
  const origin = { collector: PROVIDER, path, part: 'text', exposure, present: true, ...repository } as const;
  return { kind: 'artifact', scope: SCOPE, artifact: { origin, bytes: Buffer.from(text, 'utf8') } };
}
