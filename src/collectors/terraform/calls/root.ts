import type { HclBody, HclValue } from '../../../lib/hcl/index.ts';
import type { TerraformBlock, TerraformFolder, TerraformModule } from '../module.ts';
import { isAutomatic } from '../names.ts';
import { type Answers, isNeverMade } from '../nothing.ts';
import { completeValue } from './optional.ts';
import { rewrite, rewriteBody } from './rewrite.ts';
import type { Scope } from './scope.ts';

/** A file of values for variables. */
export interface ValueFile {
  readonly path: string;
  readonly values: ReadonlyMap<string, HclValue>;
}

/** Most attributes that the type of one variable may add. */
const MOST_ADDED = 10_000;

type Values = Map<string, HclValue>;

/** What a run in a folder that nobody calls knows of its variables. */
export interface RootValues {
  /** By files that Terraform reads by itself. */
  readonly given: Values;
  /** These, and the defaults that no file of the repository may replace. */
  readonly all: Values;
}

/** Variables that hold a secret by their names are never put in: their values belong into no identity. */
const SECRET = /pass|pwd|secret|token|credential|private|api_?key|access_?key/i;

/**
 * Values of the variables of a folder that nobody calls, as Terraform reads them there: defaults, `terraform.tfvars`,
 * `*.auto.tfvars`. An empty default is to be filled in by whoever runs it, and says nothing. Neither does a default
 * where another file of values, which somebody names for a run, has the variable.
 */
export function rootValues(
  prefix: string,
  folder: TerraformFolder,
  files: readonly ValueFile[],
  folders: ReadonlyMap<string, unknown>,
): RootValues {
  const given: Values = new Map();
  const own = files.filter(({ path }) => folderOfPath(path) === prefix && isAutomatic(path)).sort(inOrder);
  for (const { values } of own) put(given, values);
  const all: Values = new Map();
  const others = files.filter((file) => mayBeNamed(file, prefix, folders));
  for (const [name, value] of folder.variables) {
    const isOpen = value === undefined || isEmptyValue(value) || others.some(({ values }) => values.has(name));
    if (!isOpen) put(all, new Map([[name, value]]));
  }
  put(all, given);
  for (const values of [given, all]) complete(values, folder.types);
  return { given, all };
}

function complete(values: Values, types: ReadonlyMap<string, HclValue>): void {
  for (const [name, value] of values) {
    const full = completeValue(value, types.get(name), { left: MOST_ADDED });
    if (full !== undefined) values.set(name, full);
  }
}

function put(target: Values, values: ReadonlyMap<string, HclValue>): void {
  for (const [name, value] of values) if (!SECRET.test(name)) target.set(name, value);
}

const folderOfPath = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** `terraform.tfvars`, then its JSON form, then the others by name: the last one counts. */
function inOrder(first: ValueFile, second: ValueFile): number {
  const rank = ({ path }: ValueFile): string => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return name === 'terraform.tfvars' ? '0' : name === 'terraform.tfvars.json' ? '1' : `2${name}`;
  };
  return rank(first) < rank(second) ? -1 : 1;
}

/** True for a file near a folder that no folder reads by itself: `-var-file=envs/prod.tfvars` may name it. */
function mayBeNamed({ path }: ValueFile, prefix: string, folders: ReadonlyMap<string, unknown>): boolean {
  const parent = prefix.slice(0, prefix.lastIndexOf('/', prefix.length - 2) + 1);
  const isRead = isAutomatic(path) && folders.has(folderOfPath(path));
  return !isRead && path.startsWith(parent);
}

function isEmptyValue(value: HclValue): boolean {
  if (value.kind === 'list') return value.items.length === 0;
  if (value.kind === 'object') return value.entries.length === 0;
  if (value.kind === 'bool') return !value.value;
  return value.kind === 'null' || (value.kind === 'string' && value.value === '');
}

/** Puts known values of variables into what a folder declares. No default alone leaves a resource out. */
export function fillRoot(folder: TerraformFolder, values: RootValues, scope: Scope): void {
  if (values.all.size === 0) return;
  const full: Scope = { ...scope, variables: values.all };
  const sure: Scope = { ...scope, variables: values.given };
  for (const [name, value] of folder.locals) folder.locals.set(name, rewrite(value, full));
  const answers: Answers = new Map();
  for (const [address, block] of folder.blocks) {
    const filled = { ...block, body: fillBody(block.body, full) };
    const isLost = isNeverMade(folder, filled, answers);
    replace(folder, address, block, isLost ? { ...block, body: fillBody(block.body, sure) } : filled);
  }
}

/** What holds a secret by its name stays as it is written. */
function fillBody(body: HclBody, scope: Scope): HclBody {
  const secret = new Set(body.attributes.filter(({ name }) => SECRET.test(name)).map(({ name }) => name));
  const rest = rewriteBody({ ...body, attributes: body.attributes.filter(({ name }) => !secret.has(name)) }, scope);
  return { ...rest, attributes: [...body.attributes.filter(({ name }) => secret.has(name)), ...rest.attributes] };
}

function replace(module: TerraformModule, address: string, old: TerraformBlock, block: TerraformBlock): void {
  module.blocks.set(address, block);
  const list = module.byType.get(block.type);
  const at = list?.indexOf(old) ?? -1;
  if (list !== undefined && at >= 0) list[at] = block;
}
