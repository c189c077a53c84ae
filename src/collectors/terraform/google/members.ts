import type { HclValue } from '../../../lib/hcl/index.ts';
import { attributeValue, type TerraformBlock, type TerraformModule } from '../module.ts';
import { type Each, itemsOf, resolve } from '../resolve.ts';
import { isDefaultAccount } from './accounts.ts';

/** Who gets one role. */
export interface Grantees {
  /** Texts such as `serviceAccount:x@y`, some of them with `${…}` in them. */
  readonly members: readonly string[];
  /** True if there may be more that are not known. */
  readonly unknown: boolean;
}

/** One role and who gets it. */
export interface Binding extends Grantees {
  /** Undefined: the role is not known. */
  readonly role: string | undefined;
  /** As written: an object with an expression. Undefined: there is none. */
  readonly condition: unknown;
}

/** Who the members are, without their names. */
export interface MemberFacts {
  /** Undefined where nobody is known. */
  readonly memberKinds: readonly string[] | undefined;
  /** Undefined where a member is not known and none that is known stands for everybody. */
  readonly publicAccess: boolean | undefined;
  readonly defaultAccount: boolean | undefined;
}

const PUBLIC = new Set(['allUsers', 'allAuthenticatedUsers']);

/** Reads `member` or `members` of a block, in one repetition of it where `each` is given. */
export function granteesOf(module: TerraformModule, block: TerraformBlock, each?: Each): Grantees {
  const member = attributeValue(block, 'member');
  if (member !== undefined) return granteesFrom(module, [member], each);
  const members = attributeValue(block, 'members');
  const items = itemsOf(block, 'members');
  return members === undefined ? { members: [], unknown: true } : granteesFrom(module, items ?? [members], each);
}

/** Reads values that are members or lists of them. */
export function granteesFrom(module: TerraformModule, values: readonly HclValue[], each?: Each): Grantees {
  const members: string[] = [];
  let unknown = false;
  for (const value of values) {
    const resolved = resolve(module, value, 0, each);
    const list: readonly unknown[] = Array.isArray(resolved) ? resolved : [resolved];
    for (const member of list) {
      if (typeof member === 'string' && member !== '') members.push(member);
      else unknown = true;
    }
  }
  return { members, unknown };
}

export function memberFacts({ members, unknown }: Grantees): MemberFacts {
  const kinds = new Set(members.flatMap((member) => kindOf(member) ?? []));
  const vague = unknown || members.some((member) => kindOf(member) === undefined);
  const is = (found: boolean): boolean | undefined => (found ? true : vague ? undefined : false);
  return {
    memberKinds: kinds.size === 0 && vague ? undefined : [...kinds].sort(),
    publicAccess: is(members.some((member) => PUBLIC.has(member))),
    defaultAccount: is(members.some(isDefaultAccount)),
  };
}

/** `user`, `serviceAccount`, `federated`, `allUsers`; undefined where a member is not known. */
function kindOf(member: string): string | undefined {
  if (PUBLIC.has(member)) return member;
  if (/gserviceaccount\.com$|google_service_account\.|default_service_account\./.test(member)) return 'serviceAccount';
  if (/^principal(?:Set)?:\/\//.test(member)) return 'federated';
  if (/\.svc\.id\.goog\[/.test(member)) return 'kubernetes';
  const kind = /^(?:deleted:)?(\w+):/.exec(member)?.[1];
  return kind ?? (member.includes('${') ? undefined : 'other');
}

/** Reads the bindings of a policy that is an object, or JSON text. Undefined where it is neither. */
export function bindingsOfData(policy: unknown): readonly Binding[] | undefined {
  const data = typeof policy === 'string' ? parseJson(policy) : policy;
  const bindings: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'bindings') : undefined;
  return Array.isArray(bindings) ? bindings.map(bindingFrom) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function bindingFrom(entry: unknown): Binding {
  const field = (name: string): unknown =>
    typeof entry === 'object' && entry !== null ? Reflect.get(entry, name) : undefined;
  const role = field('role');
  const members = field('members');
  const list: readonly unknown[] = Array.isArray(members) ? members : [undefined];
  return {
    role: typeof role === 'string' ? role : undefined,
    members: list.filter((member): member is string => typeof member === 'string'),
    unknown: list.some((member) => typeof member !== 'string'),
    condition: field('condition'),
  };
}
