import type { HclBody, HclValue } from '../../../lib/hcl/index.ts';
import type { TerraformBlock, TerraformFolder } from '../module.ts';
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

/** All files of values of a repository. */
export interface ValueFiles {
  /** Those that Terraform reads by itself, by the folder that they stand in. */
  readonly own: ReadonlyMap<string, readonly ValueFile[]>;
  /** Paths of the others, by each variable that they have a value for; sorted. */
  readonly named: ReadonlyMap<string, readonly string[]>;
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
  /** What has no value at all, where no file of the repository may give it any. */
  readonly unset: ReadonlySet<string>;
}

/** Variables that hold a secret by their names are never put in: their values belong into no identity. */
const SECRET = /pass|pwd|secret|token|credential|private|api_?key|access_?key/i;

/** Arranges files so that each folder finds its own at once: there may be thousands of both. */
export function arrangeValues(files: readonly ValueFile[], folders: ReadonlyMap<string, unknown>): ValueFiles {
  const own = new Map<string, ValueFile[]>();
  const named = new Map<string, string[]>();
  for (const file of files) {
    const folder = folderOfPath(file.path);
    if (isAutomatic(file.path) && folders.has(folder)) addTo(own, folder, file);
    else for (const name of file.values.keys()) addTo(named, name, file.path);
  }
  for (const list of own.values()) list.sort(inOrder);
  for (const paths of named.values()) paths.sort();
  return { own, named };
}

function addTo<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

/**
 * Values of the variables of a folder that nobody calls, as Terraform reads them there: defaults, `terraform.tfvars`,
 * `*.auto.tfvars`. An empty default is to be filled in by whoever runs it, and says nothing. Neither does a default
 * where another file of values, which somebody names for a run, has the variable.
 */
export function rootValues(prefix: string, folder: TerraformFolder, { own, named }: ValueFiles): RootValues {
  const given: Values = new Map();
  for (const { values } of own.get(prefix) ?? []) put(given, values);
  const all: Values = new Map();
  const unset = new Set<string>();
  const parent = prefix.slice(0, prefix.lastIndexOf('/', prefix.length - 2) + 1);
  for (const [name, value] of folder.variables) {
    if (value === undefined || isNear(named.get(name) ?? [], parent)) continue;
    if (!isEmptyValue(value)) put(all, new Map([[name, value]]));
    else if (!given.has(name) && value.kind !== 'bool') unset.add(name);
  }
  put(all, given);
  for (const values of [given, all]) complete(values, folder.types);
  return { given, all, unset };
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

/** True where one of the sorted paths lies below a folder: `-var-file=envs/prod.tfvars` may name it. */
function isNear(paths: readonly string[], folder: string): boolean {
  let [low, high] = [0, paths.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((paths[middle] ?? '') < folder) low = middle + 1;
    else high = middle;
  }
  return paths[low]?.startsWith(folder) === true;
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
  const made = new Map<TerraformBlock, TerraformBlock>();
  for (const [address, block] of folder.blocks) {
    const filled = { ...block, body: fillBody(block.body, full) };
    const isLost = isNeverMade(folder, filled, answers);
    const kept = isLost ? { ...block, body: fillBody(block.body, sure) } : filled;
    folder.blocks.set(address, kept);
    made.set(block, kept);
  }
  for (const [type, list] of folder.byType) {
    folder.byType.set(
      type,
      list.map((block) => made.get(block) ?? block),
    );
  }
}

/** What holds a secret by its name stays as it is written. */
function fillBody(body: HclBody, scope: Scope): HclBody {
  const secret = new Set(body.attributes.filter(({ name }) => SECRET.test(name)).map(({ name }) => name));
  const rest = rewriteBody({ ...body, attributes: body.attributes.filter(({ name }) => !secret.has(name)) }, scope);
  return { ...rest, attributes: [...body.attributes.filter(({ name }) => secret.has(name)), ...rest.attributes] };
}
