import type { Gap } from '../../model/gap.ts';
import type { PrivilegeTier } from '../../model/identity.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import { childText, elementsNamed, readXml, type XmlElement } from '../shared/client-files/xml.ts';
import { type Drafts, setFacts } from '../shared/identity-drafts.ts';

/** With these a user gives itself, or code that it writes, every other permission. */
const ESCALATE: ReadonlySet<string> = new Set([
  'AssignPermissionSets',
  'AuthorApex',
  'CustomizeApplication',
  'ManageProfilesPermissionsets',
  'ManageUsers',
  'ModifyMetadata',
]);
const CHANGE_ALL: ReadonlySet<string> = new Set(['ModifyAllData']);
const READ_ALL: ReadonlySet<string> = new Set(['DataExport', 'ViewAllData', 'ViewEncryptedData']);
const MOST_REASONS = 10;

interface Power {
  readonly name: string;
  readonly tier: PrivilegeTier;
  readonly line: number;
}

/** Reads a permission set or a profile of Salesforce: what it gives beyond single objects. */
export function readPermissionSet(file: ClientFile, drafts: Drafts): readonly Gap[] {
  const { root, problem } = readXml(file.text);
  const gaps = problem === undefined ? [] : [file.gap(problem.line, problem.message)];
  if (root?.name !== 'PermissionSet' && root?.name !== 'Profile') return gaps;
  const base = file.path
    .slice(file.path.lastIndexOf('/') + 1)
    .replace(/\.(?:permissionset|profile)(?:-meta\.xml)?$/i, '');
  const id = `salesforce:permission-set:${file.repository}:${file.path}`;
  const name = childText(root, 'label') || base;
  const head = {
    id,
    type: 'salesforce_permission_set',
    provider: 'salesforce',
    name: name.slice(0, 200),
    account: file.repository,
  };
  const powers = powersOf(root).sort((a, b) => a.tier - b.tier);
  const of = (tier: PrivilegeTier): readonly string[] =>
    powers.filter((power) => power.tier === tier).map((power) => power.name);
  const reasons = powers.slice(0, MOST_REASONS).map((power) => `${power.name} (${file.path}:${power.line})`);
  const facts = {
    escalationActions: of(0),
    dataActions: [...of(1), ...of(2)],
    // Beyond these tables a set gives single objects, fields and pages.
    ...(powers.length === 0 ? {} : { privilegeTier: powers[0]?.tier, tierReasons: reasons }),
  };
  setFacts(drafts.identity(head, file.evidence(root.line)), facts, file.path);
  return gaps;
}

function powersOf(root: XmlElement): Power[] {
  const named = elementsNamed(root, 'userPermissions').flatMap((element): readonly Power[] => {
    const name = childText(element, 'name') ?? '';
    const tier = ESCALATE.has(name) ? 0 : CHANGE_ALL.has(name) ? 1 : READ_ALL.has(name) ? 2 : undefined;
    return tier === undefined || childText(element, 'enabled') !== 'true' ? [] : [{ name, tier, line: element.line }];
  });
  const objects = elementsNamed(root, 'objectPermissions').flatMap((element): readonly Power[] => {
    const name = childText(element, 'object') ?? '';
    const isWide = childText(element, 'viewAllRecords') === 'true' || childText(element, 'modifyAllRecords') === 'true';
    return isWide && /^\w{1,80}$/.test(name) ? [{ name: `all records of ${name}`, tier: 2, line: element.line }] : [];
  });
  return [...named, ...objects];
}
