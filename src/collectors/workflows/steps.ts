import { allTexts, asList, asObject, asText, type Loose } from '../shared/loose.ts';
import { findSecretNames } from './secrets.ts';

/** A reference that cannot change: a whole commit id, a local action, or a digest. */
const PINNED = /@[0-9a-f]{40}$|^\.\/|@sha256:/;
/** Owners whose actions belong to GitHub itself. */
const FIRST_PARTY = /^(?:actions|github)\//;

/** Inputs that take a long-lived cloud credential, of actions that could use federation instead. */
const STATIC_INPUTS: readonly (readonly [action: RegExp, input: string, cloud: string])[] = [
  [/^aws-actions\/configure-aws-credentials@/, 'aws-access-key-id', 'aws'],
  [/^azure\/login@/i, 'creds', 'azure'],
  [/^google-github-actions\/auth@/, 'credentials_json', 'gcp'],
];

const STATIC_VARIABLES: readonly (readonly [name: RegExp, cloud: string])[] = [
  [/^AWS_SECRET_ACCESS_KEY$/, 'aws'],
  [/^(?:AZURE|ARM)_CLIENT_SECRET$|^AZURE_CREDENTIALS$/, 'azure'],
  [/^GOOGLE_(?:APPLICATION_)?CREDENTIALS(?:_JSON)?$|^GCP_SA_KEY$/, 'gcp'],
];

/** The steps of a job. */
export function stepsOf(job: Loose): readonly Loose[] {
  return asList(job['steps']).map(asObject);
}

/** Returns the clouds that a job reaches with a stored credential. */
export function staticCloudCredentials(steps: readonly Loose[]): readonly string[] {
  const clouds = new Set<string>();
  for (const step of steps) {
    const uses = asText(step['uses']) ?? '';
    const inputs = asObject(step['with']);
    for (const [action, input, cloud] of STATIC_INPUTS) {
      if (action.test(uses) && asText(inputs[input]) !== undefined) clouds.add(cloud);
    }
    for (const [name, value] of Object.entries(asObject(step['env']))) {
      const [, cloud] = STATIC_VARIABLES.find(([pattern]) => pattern.test(name)) ?? [];
      if (cloud !== undefined && findSecretNames(value).length > 0) clouds.add(cloud);
    }
  }
  return [...clouds].sort();
}

/** True if a step checks out the content of a pull request. */
export function checksOutHead(steps: readonly Loose[]): boolean {
  const head = /github\.(?:event\.pull_request\.head\.|head_ref|event\.workflow_run\.head_)|refs\/pull\//;
  return steps.some((step) => {
    const uses = asText(step['uses']) ?? '';
    const run = asText(step['run']) ?? '';
    const checkout =
      uses.startsWith('actions/checkout@') || /\bgit\s+(?:fetch|checkout)\b|\bgh\s+pr\s+checkout\b/.test(run);
    return checkout && [...allTexts(step)].some(({ text }) => head.test(text) || /\bgh\s+pr\s+checkout\b/.test(text));
  });
}

/**
 * Returns third-party actions that get a secret and that their owner can change at any time, because no commit is
 * named.
 */
export function unpinnedWithSecrets(steps: readonly Loose[]): readonly string[] {
  const names = new Set<string>();
  for (const step of steps) {
    const uses = asText(step['uses']);
    if (uses === undefined || PINNED.test(uses) || FIRST_PARTY.test(uses)) continue;
    if (findSecretNames({ with: step['with'], env: step['env'] }).length > 0) names.add(uses);
  }
  return [...names].sort();
}
