import { defined } from '../../lib/fields/defined.ts';
import type { Collected } from '../contract.ts';
import { PROVIDER } from './identify/names.ts';
import type { Variable } from './schema.ts';

const SCOPE = 'variables';

/** Where variables are defined. */
export interface VariablePlace {
  /** `acme`, `acme/app`, `acme/app/environments/production`. */
  readonly owner: string;
  /** `owner/name`, for variables of a repository. */
  readonly repository?: string;
}

/**
 * Actions variables can be read by design, so a secret in one is in plain text. Each becomes a text `NAME=value`, on
 * which the secret rules run. A variable from a dump has lost its value and is skipped.
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
