import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import { type CollectContext, type Collected, defineCollector } from '../contract.ts';
import { Drafts } from '../shared/identity-drafts.ts';
import { collectAws } from './aws.ts';
import { collectAzure } from './azure.ts';
import { collectGithub } from './github.ts';
import { collectGoogle } from './google.ts';
import { collectKubernetes } from './kubernetes.ts';
import { COLLECTOR, type TerraformModule } from './module.ts';
import { isState, readModules } from './read.ts';

const SCOPE = 'declarations';

export default defineCollector({
  id: COLLECTOR,
  title: 'Terraform and OpenTofu declarations and state',
  reads: 'artifact',
  permissions: [],
  accepts: (path) => /\.(?:tf|tofu)(?:\.json)?$/.test(path) || isState(path),
  collect,
});

function* collect(_context: CollectContext, files: readonly Artifact[]): Iterable<Collected> {
  const { modules, gaps } = readModules(files);
  const drafts = new Drafts();
  for (const module of modules) {
    collectAws(module, drafts);
    collectGoogle(module, drafts);
    collectAzure(module, drafts);
    collectGithub(module, drafts);
    collectKubernetes(module, drafts);
    if (module.work.left <= 0 && gaps.length < files.length) gaps.push(exhausted(module));
  }
  yield { kind: 'plan', scope: SCOPE, unit: 'files', count: files.length };
  for (const gap of gaps) yield { kind: 'gap', scope: SCOPE, gap };
  yield { kind: 'done', scope: SCOPE, count: files.length - gaps.length, bytes: 0 };
  yield* drafts.collected();
}

function exhausted(module: TerraformModule): Gap {
  const subject = module.prefix === '' ? '.' : module.prefix;
  const message = `${subject}: references need too many steps to follow; facts that depend on them are unknown`;
  return { reason: 'limit', subject, message };
}
