import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type Collected, defineCollector } from '../contract.ts';
import { Drafts } from '../shared/identity-drafts.ts';
import { collectIam } from './iam.ts';
import { collectServerless } from './serverless.ts';
import { COLLECTOR, isGap, readTemplate } from './template.ts';

const SCOPE = 'declarations';
/** Bytes that the sniff looks at. */
const SNIFFED = 256 * 1024;

export default defineCollector({
  id: COLLECTOR,
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

function* collect(_context: CollectContext, files: readonly Artifact[]): Iterable<Collected> {
  const drafts = new Drafts();
  yield { kind: 'plan', scope: SCOPE, unit: 'files', count: files.length };
  for (const file of files) {
    const template = readTemplate(file);
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
