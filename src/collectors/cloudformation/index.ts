import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type Collected, defineCollector } from '../contract.ts';
import { Drafts } from '../shared/identity-drafts.ts';

const SCOPE = 'declarations';
/** Bytes that the sniff looks at. */
const SNIFFED = 256 * 1024;

export default defineCollector({
  id: 'cloudformation',
  title: 'CloudFormation, SAM and Serverless Framework templates',
  reads: 'artifact',
  permissions: [],
  accepts: (path) =>
    /\.(?:ya?ml|json|template)$/i.test(path) && !/(?:^|\/)(?:package(?:-lock)?|tsconfig[\w.-]*)\.json$/.test(path),
  sniff,
  collect,
});

function sniff(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, SNIFFED)).toString('latin1');
  if (text.includes('AWSTemplateFormatVersion')) return true;
  if (text.includes('Resources') && text.includes('AWS::')) return /["']?Resources["']?\s*:/.test(text);
  return /^provider:/m.test(text) && /^[ ]+name:[ ]*["']?aws\b/m.test(text);
}

/** What reads templates brings the YAML parser with it, so it is loaded where there is a template. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<Collected> {
  if (files.length === 0) return;
  const { isGap, readTemplate } = await import('./template.ts');
  const { collectIam } = await import('./iam.ts');
  const { collectServerless } = await import('./serverless.ts');
  const drafts = new Drafts();
  yield { kind: 'plan', scope: SCOPE, unit: 'files', count: files.length };
  for (const file of files) {
    const template = await readTemplate(file);
    if (template !== undefined && isGap(template)) {
      yield { kind: 'gap', scope: SCOPE, gap: template };
      continue;
    }
    if (template !== undefined) {
      collectIam(template, drafts);
      collectServerless(template, drafts);
    }
    yield { kind: 'done', scope: SCOPE, count: 1, bytes: file.bytes.length };
  }
  yield* drafts.collected();
}
