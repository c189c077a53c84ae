import type { JoinKey } from '../../model/identity.ts';
import { addKey, type Draft, type DraftHead, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { attributeValue, declaredId, evidenceOf, type TerraformBlock, type TerraformModule } from './module.ts';
import { textOf } from './resolve.ts';
import { valuePlaces } from './state-values.ts';

/** Makes the draft of what a block declares, with the edge from the repository that declares it. */
export function addDeclared(module: TerraformModule, drafts: Drafts, block: TerraformBlock, head: DraftHead): Draft {
  const evidence = evidenceOf(block);
  const draft = drafts.identity(head, evidence);
  // Where the call stands only adds to it.
  for (const call of block.calledBy ?? []) drafts.detail(head, evidenceOf(call));
  if (module.state) setFacts(draft, { stateCommitted: true }, evidence.source);
  // The values of a called module stand elsewhere: in the call, or in a default.
  const places = block.calledBy === undefined ? valuePlaces(block) : [];
  for (const place of places) addKey(draft, 'declared-value', place);
  drafts.edge(head.id, 'declares', repositoryKey(module), evidence, true);
  return draft;
}

export function repositoryKey(module: TerraformModule): JoinKey {
  return { kind: 'repository', value: module.repository.toLowerCase() };
}

/** Returns a date in ISO 8601 and UTC, or undefined for anything else. */
export function isoDate(text: string | undefined): string | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** Returns the id of an AWS resource: the ARN if a state tells it, else the id of the declaration. */
export function principalId(module: TerraformModule, block: TerraformBlock): string {
  const arn = textOf(module, block, 'arn');
  return arn?.startsWith('arn:') === true ? arn : declaredId(module, block.address);
}

/** Returns the block from which a partly known text such as `${aws_iam_user.bot.arn}` comes. */
export function declaredBlock(module: TerraformModule, text: string): TerraformBlock | undefined {
  return module.blocks.get(/\$\{([^{}]{1,500})\.\w+\}/.exec(text)?.[1] ?? '');
}

/** Adds the place where code writes a value into a store, so that a secret that is found there is known to be in it. */
export function addValuePlace(drafts: Drafts, draft: Draft, block: TerraformBlock, name: string): void {
  const value = attributeValue(block, name);
  if (value?.kind !== 'string') return;
  drafts.identity(draft, evidenceOf({ ...block, start: value.start, end: value.end }));
}
