import type { YamlDocument } from '../../lib/yaml/read.ts';
import type { Artifact } from '../../model/artifact.ts';
import { byId, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { asList, asObject, asText, type Loose } from '../shared/loose.ts';
import { findSecretNames } from './secrets.ts';
import { evidenceOf, type Source } from './source.ts';

/** Fields of a registry that authenticate. A user name does not. */
const CREDENTIAL_FIELDS = ['token', 'password', 'key', 'api-key', 'auth-key', 'jfrog-token'];

/** Adds the configuration of Dependabot, with an edge to each secret that its registries take by name. */
export function addDependabot(drafts: Drafts, file: Artifact, document: YamlDocument): void {
  const configuration = asObject(document.value);
  const { path, repository = '' } = file.origin;
  const id = `dependabot:${repository}:${path}`;
  const source: Source = { drafts, file, document, repository, id };
  const head = { id, type: 'dependabot_configuration', provider: 'github', name: path, account: repository };
  const draft = drafts.identity(head, evidenceOf(source, []));
  const registries = Object.entries(asObject(configuration['registries'])).map(
    ([name, registry]) => [name, asObject(registry)] as const,
  );
  const updates = asList(configuration['updates']).map(asObject);
  const facts = {
    literalSecrets: registries.flatMap(([name, registry]) => literalFields(name, registry)),
    plainHttp: registries.some(([, registry]) => /^http:\/\//i.test(asText(registry['url']) ?? '')),
    runsForeignCode: ecosystemsWhere(updates, (update) => update['insecure-external-code-execution'] === 'allow'),
    allRegistries: registries.length > 1 ? ecosystemsWhere(updates, usesEveryRegistry) : [],
    usesSecrets: findSecretNames(configuration['registries']),
  };
  setFacts(draft, facts, path);
  for (const [name, registry] of registries) {
    for (const secret of findSecretNames(registry)) {
      const to = byId(`github:dependabot-secret:${repository}:${secret}`);
      drafts.edge(id, 'uses', to, evidenceOf(source, ['registries', name]));
    }
  }
}

function literalFields(name: string, registry: Loose): readonly string[] {
  return CREDENTIAL_FIELDS.flatMap((field) => {
    const value = asText(registry[field]);
    return value === undefined || value === '' || value.includes('${{') ? [] : [`${name}.${field}`];
  });
}

function usesEveryRegistry(update: Loose): boolean {
  return asList(update['registries']).includes('*');
}

function ecosystemsWhere(updates: readonly Loose[], test: (update: Loose) => boolean): readonly string[] {
  const names = updates.filter(test).map((update) => asText(update['package-ecosystem']) ?? 'unnamed ecosystem');
  return [...new Set(names)].sort();
}
