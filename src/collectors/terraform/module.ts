import { attributeNamed, type HclBody, type HclFile, type HclSpan, type HclValue } from '../../lib/hcl/index.ts';
import type { Origin } from '../../model/artifact.ts';
import type { Evidence } from '../../model/identity.ts';
import { locationOf } from '../shared/identity-drafts.ts';
import { COLLECTOR } from './names.ts';

/** A resource, data source or provider of a module, with the file that declares it. */
export interface TerraformBlock extends HclSpan {
  readonly mode: 'resource' | 'data' | 'provider';
  readonly type: string;
  readonly name: string;
  /** `aws_iam_user.bot`, `data.aws_iam_policy_document.x`, in a state also `module.m.aws_iam_user.bot[0]`. */
  readonly address: string;
  readonly body: HclBody;
  readonly file: TerraformFile;
}

export interface TerraformFile {
  readonly origin: Origin;
  readonly positionAt: HclFile['positionAt'];
}

/** All files of one folder, as Terraform reads them. Or one state file. */
export interface TerraformModule {
  readonly repository: string;
  /** Path of the folder with a slash at its end, or empty. */
  readonly prefix: string;
  /** True if it was read from a state. Then values are those of the provider, secrets included. */
  readonly state: boolean;
  /** By address. */
  readonly blocks: Map<string, TerraformBlock>;
  /** Resources by type. */
  readonly byType: Map<string, TerraformBlock[]>;
  /** Resources by the literal value of an attribute. Filled at the first search. Key: type and attribute. */
  readonly byValue: Map<string, ReadonlyMap<string, TerraformBlock>>;
  readonly providers: TerraformBlock[];
  readonly locals: Map<string, HclValue>;
  /**
   * How many values may still be evaluated, because references that fan out must end. `cut`: a chain or a text was too
   * long.
   */
  readonly work: { left: number; cut: boolean };
}

/** Returns the resources of the given types, in the order of the files. */
export function resourcesOf(module: TerraformModule, ...types: readonly string[]): TerraformBlock[] {
  return types.flatMap((type) => module.byType.get(type) ?? []);
}

/**
 * Adds a block to the module. Terraform allows an address once, so a second block with the same address is left out.
 */
export function putBlock(module: TerraformModule, block: TerraformBlock): void {
  if (module.blocks.has(block.address)) return;
  module.blocks.set(block.address, block);
  if (block.mode !== 'resource') return;
  const list = module.byType.get(block.type) ?? [];
  module.byType.set(block.type, list);
  list.push(block);
}

/** The place of a block's header. */
export function evidenceOf(block: TerraformBlock): Evidence {
  const { origin, positionAt } = block.file;
  const location = locationOf(COLLECTOR, origin, positionAt(block.start), positionAt(block.end));
  return { collector: COLLECTOR, source: `${origin.path}:${location.startLine}`, location };
}

/** Returns the id of what a block declares. It is unique within the repository. */
export function declaredId(module: TerraformModule, address: string): string {
  return `terraform:${module.repository}:${module.prefix}${address}`;
}

/** The value of an attribute as written, or undefined. */
export function attributeValue(block: { readonly body: HclBody }, name: string): HclValue | undefined {
  return attributeNamed(block.body, name)?.value;
}
