import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { Drafts } from '../shared/identity-drafts.ts';
import { holdsAny, textWith } from '../shared/sniff.ts';

const SCOPE = 'declarations';

export default defineCollector({
  id: 'cloudformation',
  title: 'CloudFormation, SAM and Serverless Framework templates',
  reads: 'artifact',
  permissions: [],
  marks: ['.yaml', '.yml', '.json', '.template'],
  accepts: (path) =>
    /\.(?:ya?ml|json|template)$/i.test(path) && !/(?:^|\/)(?:package(?:-lock)?|tsconfig[\w.-]*)\.json$/.test(path),
  sniff,
  collect,
});

/** Words of which each file that is read holds one. */
const MARKS = ['AWSTemplateFormatVersion', 'AWS::', 'provider:'];

function sniff(bytes: Uint8Array): boolean {
  if (!holdsAny(bytes, MARKS)) return false;
  if (holdsAny(bytes, ['AWSTemplateFormatVersion'])) return true;
  const template = textWith(bytes, 'AWS::', 'Resources');
  if (template !== undefined) return /["']?Resources["']?\s*:/.test(template);
  const framework = textWith(bytes, 'provider:', 'name:', 'aws') ?? '';
  return /^provider:/m.test(framework) && /^[ ]+name:[ ]*["']?aws\b/m.test(framework);
}

/** Reading templates needs the YAML parser, so it is loaded when there is a template. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  if (files.length === 0) return;
  const { isGap, readTemplate } = await import('./template.ts');
  const { collectIam } = await import('./iam.ts');
  const { collectResourcePolicies } = await import('./resource-policies.ts');
  const { collectSecretsAndAccess } = await import('./secrets-and-access.ts');
  const { collectServerless } = await import('./serverless.ts');
  const drafts = new Drafts();
  for (const file of files) {
    const template = await readTemplate(file);
    if (template !== undefined && isGap(template)) {
      yield { kind: 'gap', scope: SCOPE, gap: template };
      continue;
    }
    if (template !== undefined) {
      collectIam(template, drafts);
      collectServerless(template, drafts);
      collectSecretsAndAccess(template, drafts);
      collectResourcePolicies(template, drafts);
    }
    if (template?.gap !== undefined) yield { kind: 'gap', scope: SCOPE, gap: template.gap };
  }
  yield* drafts.collected();
}
