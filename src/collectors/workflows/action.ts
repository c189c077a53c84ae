import type { YamlDocument } from '../../lib/yaml/read.ts';
import type { Artifact } from '../../model/artifact.ts';
import { type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { allTexts, asObject, asText } from '../shared/loose.ts';
import { readCheckouts } from './checkout.ts';
import { useLocal } from './local.ts';
import { staticPublishing } from './publish.ts';
import { evidenceOf, type Source } from './source.ts';
import { stepsOf, unpinnedWithSecrets } from './steps.ts';
import { appTokenProblems } from './tokens.ts';

const INPUT = /\$\{\{[^}]{0,500}?\binputs\s*(?:\.\s*([\w-]{1,100})|\[\s*'([\w-]{1,100})'\s*\])/g;
/** An action has no secrets of its own: callers hand them over as inputs with names such as these. */
const CREDENTIAL_NAME =
  /(?:^|[-_])(?:token|secret|password|passwd|credentials?|pat|(?:api|access|private|secret|auth|license)[-_]?key)$/i;

/**
 * Adds a composite action. Actions in JavaScript and containers name no step, so nothing is known of what they do with
 * their inputs.
 */
export function addAction(drafts: Drafts, file: Artifact, document: YamlDocument): void {
  const runs = asObject(asObject(document.value)['runs']);
  if (asText(runs['using']) !== 'composite') return;
  const { path, repository = '' } = file.origin;
  const id = `action:${repository}:${path}`;
  const source: Source = { drafts, file, document, repository, id };
  const head = { id, type: 'composite_action', provider: 'github', name: path, account: repository };
  const draft = drafts.identity(head, evidenceOf(source, []));
  const steps = stepsOf(runs);
  const facts = {
    thirdPartyUnpinnedWithSecrets: unpinnedWithSecrets(steps, takesCredentialInput),
    // Whether the calling job has an identity of its own is not known here, so commands are not judged.
    staticPublishing: staticPublishing(steps, true),
    appTokenProblems: appTokenProblems(steps),
    ...readCheckouts(steps),
  };
  setFacts(draft, facts, path);
  useLocal(source, id, steps, ['runs', 'steps']);
}

function takesCredentialInput(value: unknown): boolean {
  for (const { text } of allTexts(value)) {
    for (const [, dotted, quoted] of text.matchAll(INPUT)) {
      if (CREDENTIAL_NAME.test(dotted ?? quoted ?? '')) return true;
    }
  }
  return false;
}
