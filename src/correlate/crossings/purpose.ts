import type { Grant, Identity } from '../../model/identity.ts';
import { kindOfType } from '../../model/identity-kinds.ts';
import { textOf } from '../shared/attributes.ts';
import { MOST_CITED } from '../shared/cite.ts';
import { type Crossed, type Crossing, note } from './contract.ts';

/** Words of names that say what an identity is for, and what it does then. The first that fits decides. */
const PURPOSES: readonly (readonly [purpose: string, RegExp])[] = [
  ['monitoring', /^(?:monitor|monitors|monitoring|metrics|observability|prometheus|grafana|datadog|telemetry|probe)$/],
  ['reporting', /^(?:report|reports|reporting|dashboard|dashboards|analytics|bi)$/],
  ['auditing', /^(?:audit|auditor|auditing|inventory|scanner|compliance)$/],
  ['reading', /^(?:read|reader|readonly|viewer|ro|view)$/],
  ['backup', /^(?:backup|backups|snapshot|snapshots|archive)$/],
  ['deployment', /^(?:deploy|deployer|deployment|deploys|release|releaser|publish|publisher|ci|cd|terraform)$/],
];
/** What these do is look. */
const READERS = new Set(['monitoring', 'reporting', 'auditing', 'reading']);
/** Permissions that change something, by the verb after the service or alone. */
const WRITES =
  /^(?:\*|(?:[\w.-]+:)?(?:\*|(?:Put|Delete|Update|Modify|Write|Attach|Terminate|Pass|Run)\w*|write|admin)|(?:\* |create|update|patch|delete).*|roles\/(?:owner|editor|.*[aA]dmin))$/;

/** What an identity is for, by its tag or its name, and permissions that do not fit that: a monitor that may write. */
export const findPurposes: Crossing = ({ identities }) => {
  const crossed: Crossed = new Map();
  for (const identity of identities) {
    if (kindOfType(identity.type) !== 'identity') continue;
    const purpose = textOf(identity, 'purpose') ?? purposeOf(identity);
    if (purpose === undefined) continue;
    const against = READERS.has(purpose) ? identity.grants.filter(mayWrite) : [];
    const texts = against.map(({ permission, resource, source }) => `${permission} on ${resource} (${source})`);
    note(crossed, identity.id, {
      purpose,
      ...(identity.grants.length === 0 ? {} : { grantsAgainstPurpose: [...new Set(texts)].slice(0, MOST_CITED) }),
    });
  }
  return crossed;
};

/** The purpose that words of the name tell. An auditor that deploys is told by its first word. */
function purposeOf({ name }: Identity): string | undefined {
  const local = name.slice(0, 200).split('@')[0] ?? '';
  for (const word of local.toLowerCase().split(/[^a-z0-9]+/)) {
    const known = PURPOSES.find(([, pattern]) => pattern.test(word));
    if (known !== undefined) return known[0];
  }
  return undefined;
}

/** Reads are no contradiction, and neither is what is limited to a test system. */
function mayWrite({ permission, tier }: Grant): boolean {
  return tier <= 2 && WRITES.test(permission.slice(0, 200));
}
