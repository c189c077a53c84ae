import { HCL_LIMITS, type HclBlock, type HclProblem, readHcl, readHclJson } from '../../lib/hcl/index.ts';
import type { Artifact, Origin } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import { putBlock, type TerraformFile, type TerraformModule } from './module.ts';
import { isState } from './names.ts';
import { readState, STATE_LIMITS } from './state.ts';

/** Most values that are evaluated in one module: about twenty times what the largest real modules need. */
const MAX_WORK = 2_000_000;

/** Reads files into modules: one for each folder, and one for each state file. A file with problems gives one gap. */
export function readModules(files: readonly Artifact[]): { readonly modules: TerraformModule[]; readonly gaps: Gap[] } {
  const folders = new Map<string, TerraformModule>();
  const states: TerraformModule[] = [];
  const gaps: Gap[] = [];
  for (const { origin, bytes } of files) {
    const text = new TextDecoder().decode(bytes);
    const prefix = origin.path.slice(0, origin.path.lastIndexOf('/') + 1);
    const state = isState(origin.path);
    const folder = state ? undefined : folders.get(prefix);
    const module = folder ?? emptyModule(origin.repository ?? '', prefix, state);
    const limit = state ? STATE_LIMITS.length : HCL_LIMITS.length;
    const gap =
      text.length > limit ? tooLarge(origin.path, limit) : (state ? readState : readSource)(module, origin, text);
    if (gap !== undefined) gaps.push(gap);
    if (state) states.push(module);
    else folders.set(prefix, module);
  }
  return { modules: [...folders.values(), ...states], gaps };
}

function tooLarge(path: string, limit: number): Gap {
  return {
    reason: 'too-large',
    subject: path,
    message: `${path}: longer than ${limit} characters; its declarations are not read`,
  };
}

function emptyModule(repository: string, prefix: string, state: boolean): TerraformModule {
  return {
    repository,
    prefix,
    state,
    blocks: new Map(),
    byType: new Map(),
    byValue: new Map(),
    providers: [],
    locals: new Map(),
    work: { left: MAX_WORK, cut: false },
  };
}

function readSource(module: TerraformModule, origin: Origin, text: string): Gap | undefined {
  const parsed = origin.path.endsWith('.json') ? readHclJson(text) : readHcl(text);
  const file: TerraformFile = { origin, positionAt: parsed.positionAt };
  const nameless = parsed.body.blocks.filter(isNameless);
  for (const block of parsed.body.blocks) if (!isNameless(block)) addBlock(module, file, block);
  const problems = [...parsed.problems, ...nameless.map((block) => lacksName(block, file))];
  const [problem] = problems;
  if (problem === undefined) return undefined;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const message = `${origin.path}:${problem.line}:${problem.column}: ${problem.message}${more}; declarations there are not read`;
  return { reason: 'malformed', subject: origin.path, message };
}

/** Terraform wants a type and a name for each: without them nothing can be said of what is declared. */
function isNameless({ type, labels }: HclBlock): boolean {
  return (type === 'resource' || type === 'data') && (labels.length < 2 || labels.includes(''));
}

function lacksName({ type, start }: HclBlock, file: TerraformFile): HclProblem {
  return { message: `this ${type} lacks its type or its name`, ...file.positionAt(start) };
}

function addBlock(module: TerraformModule, file: TerraformFile, block: HclBlock): void {
  const [type = '', name = ''] = block.labels;
  const { body, start, end } = block;
  if (block.type === 'resource' || block.type === 'data') {
    const address = block.type === 'data' ? `data.${type}.${name}` : `${type}.${name}`;
    putBlock(module, { mode: block.type, type, name, address, body, file, start, end });
  } else if (block.type === 'provider') {
    module.providers.push({ mode: 'provider', type, name: '', address: `provider.${type}`, body, file, start, end });
  } else if (block.type === 'locals') {
    for (const attribute of body.attributes) module.locals.set(attribute.name, attribute.value);
  }
}
