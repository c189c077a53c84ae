import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { DeclaredItem } from '../contract.ts';
import { Drafts } from '../shared/identity-drafts.ts';
import { collectAws } from './aws.ts';
import { collectAzure } from './azure.ts';
import { collectGithub } from './github.ts';
import { collectGoogle } from './google.ts';
import { collectKubernetes } from './kubernetes.ts';
import type { TerraformModule } from './module.ts';
import { readModules } from './read.ts';

const SCOPE = 'declarations';

/** Reads modules and state files, and what they declare. */
export function* collectDeclarations(files: readonly Artifact[]): Generator<DeclaredItem> {
  const { modules, gaps } = readModules(files);
  const drafts = new Drafts();
  for (const module of modules) {
    collectAws(module, drafts);
    collectGoogle(module, drafts);
    collectAzure(module, drafts);
    collectGithub(module, drafts);
    collectKubernetes(module, drafts);
    if ((module.work.left <= 0 || module.work.cut) && gaps.length < files.length) gaps.push(exhausted(module));
  }
  for (const gap of gaps) yield { kind: 'gap', scope: SCOPE, gap };
  yield* drafts.collected();
}

function exhausted(module: TerraformModule): Gap {
  const subject = module.prefix === '' ? '.' : module.prefix;
  const message = `${subject}: references need too many steps to follow, or make a text too long; facts that depend on them are unknown`;
  return { reason: 'limit', subject, message };
}
