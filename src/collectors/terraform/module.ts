import {
  attributeNamed,
  childBodies,
  type HclBody,
  type HclFile,
  type HclSpan,
  type HclValue,
} from '../../lib/hcl/index.ts';
import type { Origin } from '../../model/artifact.ts';
import type { Evidence } from '../../model/identity.ts';
import { locationOf } from '../shared/identity-drafts.ts';
import type { ModelFunction } from './calls/functions.ts';
import { COLLECTOR } from './names.ts';
import type { Templates } from './templates.ts';

/** Most values that are evaluated in one module: about twenty times what the largest real modules need. */
const MAX_WORK = 2_000_000;
const OVERRIDE = /(?:^|[/_])override\.(?:tf|tofu)(?:\.json)?$/;

/** A resource, data source, provider or module call, with the file that declares it. */
export interface TerraformBlock extends HclSpan {
  readonly mode: 'resource' | 'data' | 'provider' | 'module';
  readonly type: string;
  readonly name: string;
  /**
   * `aws_iam_user.bot`, `data.aws_iam_policy_document.x`. What a called module declares has the call before it, as in a
   * state: `module.m.aws_iam_user.bot`, `module.m["a"].data.aws_iam_policy_document.x`.
   */
  readonly address: string;
  readonly body: HclBody;
  readonly file: TerraformFile;
  /** For what a called module declares: the calls that lead to it, the outermost first. */
  readonly calledBy?: readonly TerraformBlock[];
}

export interface TerraformFile {
  readonly origin: Origin;
  readonly positionAt: HclFile['positionAt'];
}

/** All files of one folder with what they call, as Terraform reads them. Or one state file. */
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
  readonly byValue: Map<string, ReadonlyMap<string, readonly TerraformBlock[]>>;
  readonly providers: TerraformBlock[];
  /** By name; those of a called module by `module.<name>.<local>`. */
  readonly locals: Map<string, HclValue>;
  /** Values of the outputs of called modules, by `module.<name>.<output>`. */
  readonly outputs: Map<string, HclValue>;
  /** How often an address was declared. */
  readonly repeats: Map<string, number>;
  /** Variables of a folder that nobody calls, whose default is null or empty and that no file sets. */
  readonly unset: Set<string>;
  /** Files that `file` and `templatefile` may read. */
  readonly templates: Templates;
  /** Addresses of data sources that something uses. */
  readonly used: Set<string>;
  /**
   * How many values may still be evaluated, because references that fan out must end. `cut`: a chain or a text was too
   * long.
   */
  readonly work: { left: number; cut: boolean };
}

/** A folder as it is written, before anything that it calls is put into it. */
export interface TerraformFolder extends TerraformModule {
  readonly calls: TerraformBlock[];
  /** Defaults by the name of the variable; undefined where there is none. */
  readonly variables: Map<string, HclValue | undefined>;
  /** Types of variables that say one. */
  readonly types: Map<string, HclValue>;
  /** What only our own models of registry modules call. */
  readonly functions?: ReadonlyMap<string, ModelFunction>;
}

/** Returns a module without any content. */
export function emptyModule(
  repository: string,
  prefix: string,
  state: boolean,
  templates: Templates = new Map(),
): TerraformModule {
  return {
    repository,
    prefix,
    state,
    blocks: new Map(),
    byType: new Map(),
    byValue: new Map(),
    providers: [],
    locals: new Map(),
    outputs: new Map(),
    repeats: new Map(),
    unset: new Set(),
    templates,
    used: new Set(),
    work: { left: MAX_WORK, cut: false },
  };
}

/** Returns the resources of the given types, in the order of the files. */
export function resourcesOf(module: TerraformModule, ...types: readonly string[]): TerraformBlock[] {
  return types.flatMap((type) => module.byType.get(type) ?? []);
}

/**
 * Adds a block to the module. Terraform allows an address once, but nobody hides a resource by repeating it: a second
 * one has a number behind its address. References mean the first. A file that overrides says nothing alone.
 */
export function putBlock(module: TerraformModule, given: TerraformBlock): void {
  const count = (module.repeats.get(given.address) ?? 0) + 1;
  module.repeats.set(given.address, count);
  if (count > 1 && (given.mode !== 'resource' || OVERRIDE.test(given.file.origin.path))) return;
  const block = count === 1 ? given : { ...given, address: `${given.address} (${count})` };
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

/** The first nested block of a type, as a block of its own with the same place. */
export function childOf(block: TerraformBlock, name: string): TerraformBlock | undefined {
  const [child] = childBodies(block.body, name);
  return child === undefined ? undefined : { ...block, body: child.body };
}
