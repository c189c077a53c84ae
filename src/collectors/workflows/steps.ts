import { allTexts, asList, asObject, asText, type Loose } from '../shared/loose.ts';
import { findSecretNames } from './secrets.ts';

/** A reference that cannot change: a whole commit id, a local action, or a digest. */
const PINNED = /@[0-9a-f]{40}$|^\.\/|@sha256:/;
/** These check the tag by which they are called, and refuse a commit. */
const TAG_ONLY = /^slsa-framework\/slsa-github-generator\/.+@v\d+\.\d+\.\d+$/;
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

/** Returns the clouds that a job reaches with a stored credential. `variables`: those of the job and the workflow. */
export function staticCloudCredentials(steps: readonly Loose[], variables: Loose = {}): readonly string[] {
  const clouds = new Set<string>(cloudsOfVariables(variables));
  for (const step of steps) {
    const uses = asText(step['uses']) ?? '';
    const inputs = asObject(step['with']);
    for (const [action, input, cloud] of STATIC_INPUTS) {
      if (action.test(uses) && asText(inputs[input]) !== undefined) clouds.add(cloud);
    }
    for (const cloud of cloudsOfVariables(asObject(step['env']))) clouds.add(cloud);
  }
  return [...clouds].sort();
}

function cloudsOfVariables(variables: Loose): readonly string[] {
  return Object.entries(variables).flatMap(([name, value]) => {
    const [, cloud] = STATIC_VARIABLES.find(([pattern]) => pattern.test(name)) ?? [];
    return cloud !== undefined && findSecretNames(value).length > 0 ? [cloud] : [];
  });
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
 * named. `isSecret`: whether a value holds a secret.
 */
export function unpinnedWithSecrets(steps: readonly Loose[], isSecret = holdsSecret): readonly string[] {
  const names = new Set<string>();
  for (const step of steps) {
    const uses = asText(step['uses']);
    if (uses === undefined || !isForeignAndUnpinned(uses)) continue;
    if (isSecret({ with: step['with'], env: step['env'] })) names.add(uses);
  }
  return [...names].sort();
}

/** True for an action or workflow of somebody else that can change without a change of this file. */
export function isForeignAndUnpinned(uses: string): boolean {
  return !PINNED.test(uses) && !FIRST_PARTY.test(uses) && !TAG_ONLY.test(uses);
}

function holdsSecret(value: unknown): boolean {
  return findSecretNames(value).length > 0;
}
