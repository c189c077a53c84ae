import { addConsumer, type NamedCredential, type PipelineFile, useCredentials } from '../shared/ci/pipeline.ts';
import { deploys } from '../shared/ci/scripts.ts';
import { readSecretUse } from '../shared/ci/secrets.ts';
import { asList, asObject, asText, type Loose } from '../shared/loose.ts';
import { type Step, stepsOf } from './steps.ts';

/** A whole version or a digest. Pipes of Atlassian itself count as first party. */
const PINNED = /:v?\d+\.\d+\.\d+$|@sha256:/;
const FIRST_PARTY = /^(?:atlassian|bitbucketpipelines)\//;

/** Adds the pipeline of a file and its steps. */
export function addPipeline(source: PipelineFile, file: Loose): void {
  addConsumer(source, undefined, [], {}, undefined);
  for (const step of stepsOf(asObject(file['pipelines']))) addStep(source, step);
}

function addStep(source: PipelineFile, { name, section, fields, deployment, path }: Step): void {
  const entries = [...asList(fields['script']), ...asList(fields['after-script'])];
  const scripts = entries.flatMap((entry) => (typeof entry === 'string' ? [entry] : []));
  const pipes = entries.map(asObject).filter((entry) => asText(entry['pipe']) !== undefined);
  const variables = Object.assign({}, ...pipes.map((pipe) => asObject(pipe['variables'])));
  const use = readSecretUse({ scripts, variables });
  const facts = {
    ...use.facts,
    triggers: [section === 'pull-requests' ? 'merge_request' : section === 'custom' ? 'manual' : 'push'],
    environment: deployment,
    idTokenWrite: fields['oidc'] === true,
    deploys: deploys(scripts),
    thirdPartyUnpinnedWithSecrets: pipes.flatMap(unpinnedWithSecret),
  };
  const id = addConsumer(source, name, path, facts, [scripts, variables]);
  const { repository = '' } = source.file.origin;
  const credentials = use.names.map(
    (variable): NamedCredential => ({ type: 'ci_variable', name: variable, scope: repository }),
  );
  useCredentials(source, id, credentials, path);
}

function unpinnedWithSecret(pipe: Loose): readonly string[] {
  const name = (asText(pipe['pipe']) ?? '').replace(/^docker:\/\//, '');
  if (PINNED.test(name) || FIRST_PARTY.test(name)) return [];
  const { names, facts } = readSecretUse({ scripts: [], variables: asObject(pipe['variables']) });
  return names.length > 0 || asList(facts['literalSecrets']).length > 0 ? [name] : [];
}
