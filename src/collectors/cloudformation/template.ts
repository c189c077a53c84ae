import { isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { isYamlProblem, readYamlTree, YAML_LIMITS, type YamlTree } from '../../lib/yaml/read.ts';
import type { Artifact, Origin } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { Evidence } from '../../model/identity.ts';
import type { Location } from '../../model/location.ts';
import { isUnknown, type PolicyValue, Unknown } from '../../permissions/aws/document.ts';
import { locationOf } from '../shared/identity-drafts.ts';
import { decideConditions, defaultsOf, type Written } from './conditions.ts';
import { MAX_TEXT, resolveIntrinsic, TooLong } from './intrinsics.ts';

export const COLLECTOR = 'cloudformation';

/** Largest template that is read. CloudFormation itself accepts one megabyte. */
const MAX_BYTES = 2 * 1024 * 1024;
/** Most nodes that are read in one file, with aliases expanded: a bound against alias bombs. */
const MAX_NODES = 200_000;

/** A mapping with resolved values. */
export type Properties = Readonly<Record<string, PolicyValue>>;

/** A resource, parameter or output of a template. */
export interface TemplateEntry {
  readonly name: string;
  readonly type: string;
  readonly properties: Properties;
  readonly evidence: Evidence;
}

/** A template. Intrinsic functions in its sections are resolved as far as possible. */
export interface Template {
  readonly origin: Origin;
  readonly repository: string;
  readonly root: Properties;
  readonly resources: ReadonlyMap<string, TemplateEntry>;
  readonly parameters: readonly TemplateEntry[];
  readonly evidence: Evidence;
  /** Present if a text of the template is unknown because it is too long. */
  readonly gap?: Gap;
}

/** Reads a file that `sniff` accepted. Never throws. What cannot be read is a gap; what is no template is undefined. */
export async function readTemplate(file: Artifact): Promise<Template | Gap | undefined> {
  const { path } = file.origin;
  if (file.bytes.length > MAX_BYTES) {
    return { reason: 'too-large', subject: path, message: `${path}: a template has at most ${MAX_BYTES} bytes` };
  }
  const tree = await readYamlTree(new TextDecoder().decode(file.bytes));
  if (isYamlProblem(tree)) {
    const message = `${path}:${tree.line}:${tree.column}: ${tree.message}; the template is not read`;
    return { reason: 'malformed', subject: path, message };
  }
  try {
    return new TemplateReader(file, tree).read();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return {
      reason: 'malformed',
      subject: path,
      message: `${path}: the template cannot be read: ${text.slice(0, 200)}`,
    };
  }
}

/** True for the gap in the result of `readTemplate`. */
export function isGap(result: Template | Gap): result is Gap {
  return 'reason' in result;
}

/** The properties of a value, or an empty mapping. */
export function mappingOf(value: PolicyValue | undefined): Properties {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isUnknown(value)) return {};
  return value as Properties;
}

/**
 * Returns the elements of a list. A single value counts as a list of one, nothing as an empty list. `AWS::NoValue` is
 * no element.
 */
export function listOf(value: PolicyValue | undefined): readonly PolicyValue[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly PolicyValue[]).filter((item) => item !== null) : [value];
}

/** Returns a text that is known in full. */
export function plainText(value: PolicyValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' && !value.includes('${') ? value : undefined;
}

/** Returns the logical id that a resolved reference (`${Bot}`, `${Bot.Arn}`) names. */
export function logicalId(value: PolicyValue | undefined): string | undefined {
  return typeof value === 'string' ? /^\$\{([A-Za-z0-9]+)(?:\.\w+)?\}$/.exec(value)?.[1] : undefined;
}

class TemplateReader {
  private readonly file: Artifact;
  private readonly tree: YamlTree;
  private left = MAX_NODES;
  private tooLong = 0;
  private parameterNames: ReadonlySet<string> = new Set();
  private decided: ReadonlyMap<string, boolean> = new Map();

  constructor(file: Artifact, tree: YamlTree) {
    this.file = file;
    this.tree = tree;
  }

  read(): Template | undefined {
    const { origin } = this.file;
    const top = this.tree.document.contents;
    if (!isMap(top)) return undefined;
    const parameters = this.pairsOf(this.child(top, 'Parameters'));
    this.parameterNames = new Set(parameters.map(([name]) => name));
    const declared = parameters.map((pair) => this.entry(pair));
    this.decided = decideConditions(this.written(this.child(top, 'Conditions'), 0), defaultsOf(declared));
    // `serverless.yml` has a template of its own below `resources`.
    const nested = this.child(top, 'resources');
    const resources = this.child(top, 'Resources') ?? (isMap(nested) ? this.child(nested, 'Resources') : undefined);
    const entries = this.pairsOf(resources).map((pair) => this.entry(pair));
    const template = {
      origin,
      repository: origin.repository ?? '',
      root: mappingOf(this.value(top, 0, new Set(['Resources', 'Parameters', 'resources']))),
      resources: new Map(entries.map((entry) => [entry.name, entry])),
      parameters: declared,
      evidence: this.evidence(top, top),
    };
    return this.tooLong === 0 ? template : { ...template, gap: this.cutTexts() };
  }

  private cutTexts(): Gap {
    const { path } = this.file.origin;
    const message = `${path}: ${this.tooLong} texts that Fn::Join makes are longer than ${MAX_TEXT} characters; what they say is unknown`;
    return { reason: 'limit', subject: path, message };
  }

  private resolve(name: string, argument: PolicyValue): PolicyValue {
    const resolved = resolveIntrinsic(name, argument, this.parameterNames, this.decided);
    if (resolved instanceof TooLong) this.tooLong += 1;
    return resolved;
  }

  private child(map: Node, name: string): Node | undefined {
    if (!isMap(map)) return undefined;
    const value = map.items.find((pair) => keyOf(pair) === name)?.value;
    return this.follow(value as Node | null | undefined);
  }

  private follow(node: Node | null | undefined): Node | undefined {
    if (node === null || node === undefined) return undefined;
    return isAlias(node) ? node.resolve(this.tree.document) : node;
  }

  private pairsOf(node: Node | undefined): [name: string, key: Node, value: Node | undefined][] {
    if (!isMap(node)) return [];
    return node.items.map((pair) => [keyOf(pair), pair.key as Node, this.follow(pair.value as Node | null)]);
  }

  private entry([name, key, value]: [string, Node, Node | undefined]): TemplateEntry {
    const all = mappingOf(value === undefined ? null : this.value(value, 0));
    const type = typeof all['Type'] === 'string' ? all['Type'] : '';
    const properties = 'Properties' in all ? mappingOf(all['Properties']) : all;
    return { name, type, properties, evidence: this.evidence(key, key) };
  }

  private evidence(from: Node, to: Node): Evidence {
    const location = this.location(from.range?.[0] ?? 0, to.range?.[1] ?? 0);
    return { collector: COLLECTOR, source: `${location.path}:${location.startLine}`, location };
  }

  private location(start: number, end: number): Location {
    const { placeOf } = this.tree;
    return locationOf(COLLECTOR, this.file.origin, placeOf(start), placeOf(end));
  }

  /** Converts a node to data. Throws when the budget of nodes or depth is used up. */
  private value(node: Node | null | undefined, depth: number, skip?: ReadonlySet<string>): PolicyValue {
    this.left -= 1;
    if (this.left <= 0) throw new RangeError(`more than ${MAX_NODES} values, aliases counted`);
    if (depth > YAML_LIMITS.depth) throw new RangeError(`nested deeper than ${YAML_LIMITS.depth} levels`);
    const target = this.follow(node);
    const plain = this.untagged(target, depth, skip);
    const tag = target?.tag;
    if (tag === undefined || !tag.startsWith('!') || tag === '!') return plain;
    return this.resolve(tag.slice(1), plain);
  }

  /** Converts a node to data without resolving its functions; tags become their long form. */
  private written(node: Node | null | undefined, depth: number): Written {
    this.left -= 1;
    if (this.left <= 0 || depth > YAML_LIMITS.depth) return null;
    const target = this.follow(node);
    const tag = target?.tag;
    const plain = this.writtenPlain(target, depth);
    if (tag === undefined || !tag.startsWith('!') || tag === '!') return plain;
    const name = tag.slice(1);
    return { [name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`]: plain };
  }

  private writtenPlain(node: Node | undefined, depth: number): Written {
    if (isScalar(node)) return scalarText(node.value);
    if (isSeq(node)) return node.items.map((item) => this.written(item as Node, depth + 1));
    if (!isMap(node)) return null;
    return Object.fromEntries(
      node.items.map((pair) => [keyOf(pair), this.written(pair.value as Node | null, depth + 1)]),
    );
  }

  private untagged(node: Node | undefined, depth: number, skip?: ReadonlySet<string>): PolicyValue {
    if (isScalar(node)) return scalarOf(node.value);
    if (isSeq(node)) return node.items.map((item) => this.value(item as Node, depth + 1));
    if (!isMap(node)) return null;
    const pairs = node.items.filter((pair) => skip?.has(keyOf(pair)) !== true);
    const entries = pairs.map((pair) => [keyOf(pair), this.value(pair.value as Node | null, depth + 1)] as const);
    const [only] = entries;
    const named = only === undefined || entries.length !== 1 ? undefined : functionName(only[0]);
    if (only === undefined || named === undefined) {
      return Object.fromEntries(entries.map(([key, value]) => [key, withoutNothing(value)]));
    }
    return this.resolve(named, only[1]);
  }
}

/** A list without what a condition leaves out: `AWS::NoValue`. Arguments of a function keep their places. */
function withoutNothing(value: PolicyValue): PolicyValue {
  return Array.isArray(value) && value.includes(null) ? value.filter((item) => item !== null) : value;
}

function functionName(key: string): string | undefined {
  if (key === 'Ref' || key === 'Condition') return key === 'Ref' ? 'Ref' : undefined;
  return key.startsWith('Fn::') ? key.slice(4) : undefined;
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : '';
}

function scalarText(value: unknown): Written {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

function scalarOf(value: unknown): PolicyValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value === null || value === undefined ? null : new Unknown(String(value));
}
