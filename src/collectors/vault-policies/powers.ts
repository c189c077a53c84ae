import type { PrivilegeTier } from '../../model/identity.ts';
import type { PathRule } from './statements.ts';

/** What a policy amounts to: its tier, and texts such as `update on sys/policies/acl/*`. */
export interface PolicyPowers {
  readonly tier: PrivilegeTier;
  readonly reasons: readonly string[];
  readonly escalationActions: readonly string[];
  readonly credentialActions: readonly string[];
  readonly permissionActions: readonly string[];
  readonly wildcardServices: readonly string[];
}

type Family = 'escalationActions' | 'credentialActions' | 'permissionActions' | 'wildcardServices';

interface Judged {
  readonly tier: PrivilegeTier;
  readonly families: readonly Family[];
  readonly text: string;
}

const WRITES = new Set(['create', 'update', 'patch', 'delete', 'sudo', 'root']);
const READS = new Set(['read', 'list']);
/** Who writes here gives themselves every policy, or any identity. */
const ESCALATES =
  /^(?:sys\/(?:\*|polic(?:y|ies)\b.*|auth\b.*|raw\b.*|generate-root\b.*|rekey\b.*|storage\b.*)|auth\/(?:\*|token\/(?:\*|create-orphan|roles\/.*)|[^/]+\/(?:\*|config\b.*|roles?\/(?:\*|\+|[^/]+)$|users\/.*|groups\/.*|map\/.*))|identity\/(?:\*|entity.*|group.*))$/;
/** Reading these is enough to become root. */
const READS_ROOT = /^sys\/(?:raw|storage)\b/;
/** Paths of Vault itself, and those that tell a program about its own token. */
const SYSTEM = /^(?:sys|auth|identity|cubbyhole)\//;
const MINTS = /^auth\/token\/create\b|\/secret-id(?:\/|$)/;

/** Judges the rules of a policy. A `deny` on the same path wins. */
export function powersOf(rules: readonly PathRule[]): PolicyPowers {
  const denied = new Set(rules.filter(({ capabilities }) => capabilities.includes('deny')).map(({ path }) => path));
  const judged = rules.filter(({ path }) => !denied.has(path)).flatMap((rule) => judge(rule) ?? []);
  judged.sort((a, b) => a.tier - b.tier);
  const texts = (family: Family): readonly string[] =>
    judged.filter(({ families }) => families.includes(family)).map(({ text }) => text);
  return {
    tier: judged[0]?.tier ?? 4,
    reasons: judged.map(({ text }) => text),
    escalationActions: texts('escalationActions'),
    credentialActions: texts('credentialActions'),
    permissionActions: texts('permissionActions'),
    wildcardServices: texts('wildcardServices'),
  };
}

function judge({ path: written, capabilities }: PathRule): Judged | undefined {
  const path = written.replace(/^\//, '');
  const used = capabilities.filter((capability) => WRITES.has(capability) || READS.has(capability));
  if (used.length === 0) return undefined;
  const writes = used.some((capability) => WRITES.has(capability));
  const text = `${used.join(', ')} on ${path}`;
  const all = path === '*' || path === '+/*' || path === '+/+/*';
  if (all)
    return {
      tier: writes ? 0 : 1,
      families: writes ? ['escalationActions', 'wildcardServices'] : ['credentialActions', 'wildcardServices'],
      text,
    };
  if ((writes && ESCALATES.test(path)) || READS_ROOT.test(path))
    return { tier: 0, families: ['escalationActions'], text };
  if (used.includes('sudo')) return { tier: 1, families: ['permissionActions'], text };
  return judgeSecret(path, used, writes, text);
}

/** Paths of secrets, and of engines that make credentials. To list names alone reads nothing. */
function judgeSecret(path: string, used: readonly string[], writes: boolean, text: string): Judged {
  const mints = MINTS.test(path);
  if (SYSTEM.test(path))
    return { tier: mints && writes ? 2 : 3, families: mints && writes ? ['credentialActions'] : [], text };
  if (!writes && !used.includes('read')) return { tier: 3, families: [], text };
  const whole = /^[^/]+\/(?:(?:data|creds|issue|sign)\/)?(?:\*|\+)$/.test(path) || /^\+\//.test(path);
  return {
    tier: whole ? 1 : 2,
    families: whole ? ['credentialActions', 'wildcardServices'] : ['credentialActions'],
    text,
  };
}
