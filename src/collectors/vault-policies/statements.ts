import { evaluate, type HclBlock, type HclBody, type HclValue, readHcl } from '../../lib/hcl/index.ts';
import { asObject, asTexts } from '../shared/loose.ts';

/** What a policy allows on a path. */
export interface PathRule {
  readonly path: string;
  readonly capabilities: readonly string[];
}

const UNKNOWN = Symbol('unknown');

/** Returns the value of a reference (`vault_policy.app.name`), or undefined where it is not known. */
export type Resolve = (path: readonly string[]) => string | undefined;

/** The value as plain data. What only Terraform would know is undefined, and `${…}` inside a text. */
export function plainValue(value: HclValue | undefined, resolve: Resolve = () => undefined): unknown {
  if (value === undefined) return undefined;
  const unknown = (): typeof UNKNOWN => UNKNOWN;
  const isUnknown = (item: unknown): item is typeof UNKNOWN => item === UNKNOWN;
  let left = 20_000;
  const spend = (): boolean => {
    left -= 1;
    return left > 0;
  };
  const read: unknown = evaluate<typeof UNKNOWN>(value, { unknown, isUnknown, reference: resolve, spend });
  return typeof read === 'symbol' ? undefined : read;
}

/** The paths of a policy in HCL. What only Terraform knows of a path is `_`. */
export function pathsOfText(text: string): readonly PathRule[] {
  return pathsOfBody(readHcl(text.replace(/\$\{[^}\n]{0,500}\}/g, '_')).body);
}

/** The `path "…" { capabilities = […] }` blocks of a body. */
export function pathsOfBody(body: HclBody): readonly PathRule[] {
  return body.blocks.flatMap((block) => (block.type === 'path' ? pathOf(block) : []));
}

function pathOf({ labels: [path], body }: HclBlock): readonly PathRule[] {
  const listed = body.attributes.find(({ name }) => name === 'capabilities' || name === 'policy');
  if (path === undefined || listed === undefined) return [];
  return [{ path, capabilities: capabilitiesOf(plainValue(listed.value)) }];
}

/** `"policy": "write"` is an old form of capabilities. */
const OLD: Readonly<Record<string, readonly string[]>> = {
  write: ['create', 'read', 'update', 'delete', 'list'],
  read: ['read', 'list'],
  sudo: ['create', 'read', 'update', 'delete', 'list', 'sudo'],
};

function capabilitiesOf(value: unknown): readonly string[] {
  return typeof value === 'string' ? (OLD[value] ?? [value]) : asTexts(value);
}

/** The paths of a policy in JSON: `{"path": {"secret/*": {"capabilities": ["read"]}}}`. */
export function pathsOfJson(policy: unknown): readonly PathRule[] {
  return Object.entries(asObject(asObject(policy)['path'])).map(([path, rule]) => {
    const { capabilities, policy: old } = {
      capabilities: asObject(rule)['capabilities'],
      policy: asObject(rule)['policy'],
    };
    return { path, capabilities: capabilitiesOf(capabilities ?? old ?? []) };
  });
}
