import { readHcl } from '../../../lib/hcl/index.ts';
import { addBlock } from '../add-block.ts';
import { emptyModule, type TerraformBlock, type TerraformFolder } from '../module.ts';
import { MODEL_FUNCTIONS } from './functions.ts';
import { IAM_MODELS } from './models-iam.ts';
import { SERVICE_MODELS } from './models-services.ts';

/** Sources of modules by what they declare, in our own words. */
const MODELS: Readonly<Record<string, string>> = { ...IAM_MODELS, ...SERVICE_MODELS };

/**
 * Returns what a popular module of the registry declares, as if it stood where it is called. Only the parts that are
 * about identities, as the module's documentation describes them; undefined for every other source.
 */
export function knownSource(source: string, call: TerraformBlock, repository: string): TerraformFolder | undefined {
  const name = registryName(source);
  const text = name === undefined || !Object.hasOwn(MODELS, name) ? undefined : MODELS[name];
  if (text === undefined) return undefined;
  const empty = emptyModule(repository, '', false);
  const folder: TerraformFolder = {
    ...empty,
    calls: [],
    variables: new Map(),
    types: new Map(),
    functions: MODEL_FUNCTIONS,
  };
  // Whatever the model declares stands at the call.
  for (const block of readHcl(text).body.blocks) {
    addBlock(folder, call.file, { ...block, start: call.start, end: call.end });
  }
  return folder;
}

/** `terraform-aws-modules/iam/aws//modules/iam-user`, also when it is taken from git: `iam/iam-user`; `lambda`. */
function registryName(source: string): string | undefined {
  const plain = source.slice(0, 500).replace(/[?#].*$/s, '');
  const match =
    /^(?:registry\.(?:terraform\.io|opentofu\.org)\/)?terraform-aws-modules\/([\w-]+)\/aws(?:\/\/modules\/([\w-]+))?$/.exec(
      plain,
    ) ??
    /github\.com[/:]terraform-aws-modules\/terraform-aws-([\w-]+?)(?:\.git)?(?:\/\/modules\/([\w-]+))?$/.exec(plain);
  if (match === null) return undefined;
  return match[2] === undefined ? match[1] : `${match[1]}/${match[2]}`;
}
