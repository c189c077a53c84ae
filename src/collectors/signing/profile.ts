import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import { type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { readPlist } from './plist.ts';

const TEAM = /^[A-Z0-9]{10}$/;
const DAY = 86_400_000;

/** Adds a profile of Apple: a signed list of the apps, devices and certificates that may be used together. */
export function addProfile(file: ClientFile, drafts: Drafts): readonly Gap[] {
  const from = file.text.indexOf('<?xml');
  const to = file.text.indexOf('</plist>');
  if (from < 0 || to < from) return [file.gap(1, 'no list of properties is in the profile, so nothing of it was read')];
  const values = readPlist(file.text.slice(from, to));
  const uuid = values.get('UUID');
  const [created, ends] = [timeOf(values.get('CreationDate')), timeOf(values.get('ExpirationDate'))];
  if (uuid === undefined || !/^[\w-]{1,64}$/.test(uuid)) return [file.gap(1, 'the profile has no UUID')];
  const team = values.get('TeamIdentifier') ?? '';
  const head = {
    id: `provisioning-profile:${uuid.toLowerCase()}`,
    type: 'provisioning_profile',
    provider: 'apple',
    name: (values.get('Name') ?? uuid).slice(0, 200),
    account: TEAM.test(team) ? team : undefined,
  };
  const facts = {
    createdAt: isoOf(created),
    expiresAt: isoOf(ends),
    lifetimeDays: created === undefined || ends === undefined ? undefined : Math.round((ends - created) / DAY),
    environment: values.get('get-task-allow') === 'true' ? 'development' : undefined,
    // An in-house profile installs the app on any device, without a store that looks at it.
    resourceScope: values.get('ProvisionsAllDevices') === 'true' ? 'all' : undefined,
  };
  setFacts(drafts.identity(head, file.evidence(1)), facts, file.path);
  return [];
}

function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}

function isoOf(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}
