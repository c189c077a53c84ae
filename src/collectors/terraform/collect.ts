import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { DeclaredItem } from '../contract.ts';
import { Drafts } from '../shared/identity-drafts.ts';
import { collectAws } from './aws/index.ts';
import { createAzureRun, finishPrincipals } from './azure/context.ts';
import { collectAzure } from './azure.ts';
import { expandCalls } from './calls/expand.ts';
import { knownSource } from './calls/registry.ts';
import { collectGithub } from './github.ts';
import { createGoogleRun } from './google/context.ts';
import { finishAccounts } from './google/finish.ts';
import { collectGoogle } from './google.ts';
import { collectKubernetes, createKubernetesRun, finishKubernetes } from './kubernetes/index.ts';
import type { TerraformModule } from './module.ts';
import { type Answers, isNeverMade } from './nothing.ts';
import { collectProviders } from './providers.ts';
import { readFiles } from './read.ts';
import { collectSshKeys } from './ssh-keys.ts';

const SCOPE = 'declarations';

/** Reads modules and state files, and what they declare. */
export function* collectDeclarations(files: readonly Artifact[]): Generator<DeclaredItem> {
  const { folders, states, values, gaps } = readFiles(files);
  const { modules, gaps: cut, skips } = expandCalls(folders, knownSource, values);
  gaps.push(...cut);
  const drafts = new Drafts();
  const azure = createAzureRun(drafts);
  const google = createGoogleRun(drafts);
  const kubernetes = createKubernetesRun(drafts);
  for (const module of [...modules, ...states]) {
    leaveOut(module);
    collectAws(module, drafts);
    collectGoogle(module, google);
    collectAzure(module, azure);
    collectGithub(module, drafts);
    collectKubernetes(module, kubernetes);
    collectProviders(module, drafts);
    collectSshKeys(module, drafts);
    if ((module.work.left <= 0 || module.work.cut) && gaps.length < files.length) gaps.push(exhausted(module));
  }
  finishPrincipals(azure);
  finishAccounts(google);
  finishKubernetes(kubernetes);
  for (const gap of gaps) yield { kind: 'gap', scope: SCOPE, gap };
  for (const skip of skips) yield { kind: 'skip', scope: SCOPE, skip };
  yield* drafts.collected();
}

/** Leaves out the resources that no run makes. References to them stay what they are. */
function leaveOut(module: TerraformModule): void {
  const answers: Answers = new Map();
  for (const [type, blocks] of module.byType) {
    const present = blocks.filter((block) => !isNeverMade(module, block, answers));
    if (present.length < blocks.length) module.byType.set(type, present);
  }
}

function exhausted(module: TerraformModule): Gap {
  const subject = module.prefix === '' ? '.' : module.prefix;
  const message = `${subject}: references need too many steps to follow, or make a text too long; facts that depend on them are unknown`;
  return { reason: 'limit', subject, message };
}
