import type { Endpoint, Parameters } from '../shared/api/endpoint.ts';
import { gap, plan, type ReadOptions, readEntries } from '../shared/api/read.ts';
import type { Drafts } from '../shared/identity-drafts.ts';
import { listAlertLocations } from './endpoints/security.ts';
import { describeAlert } from './identify/alerts.ts';
import type { Unit } from './run.ts';
import type { Alert, AlertLocation } from './schemas/alerts.ts';

/** Alerts of one list whose further places are asked for, one request each. The first place stands in the list. */
const MOST_ASKED = 500;

/** Reads the alerts of an organisation or of one repository, and the places that the list does not hold. */
export async function readAlerts(
  unit: Unit,
  drafts: Drafts,
  endpoint: Endpoint<Alert>,
  parameters: Parameters,
  options: ReadOptions,
): Promise<void> {
  const alerts = await readEntries(unit, endpoint, parameters, { ...options, only: false });
  let asked = 0;
  for (const alert of alerts.entries) {
    const fullName = alert.repository?.full_name ?? options.subject;
    const further = alert.has_more_locations === true;
    asked += further ? 1 : 0;
    const more = further && asked <= MOST_ASKED ? await readLocations(unit, fullName, alert) : undefined;
    describeAlert(drafts, fullName, alert, more, endpoint);
  }
  if (asked > MOST_ASKED) tellLeftOut(unit, options.subject, asked - MOST_ASKED);
}

async function readLocations(unit: Unit, fullName: string, alert: Alert): Promise<readonly AlertLocation[]> {
  const [owner = '', repo = ''] = fullName.split('/');
  const parameters = { owner, repo, alert: alert.number };
  const options = { subject: `${fullName} alert ${alert.number}`, only: false };
  return (await readEntries(unit, listAlertLocations, parameters, options)).entries;
}

function tellLeftOut(unit: Unit, subject: string, count: number): void {
  plan(unit, listAlertLocations, 1);
  const message = `${count} alerts of ${subject} have more places than the first; they were not asked for.`;
  gap(unit, listAlertLocations, 'limit', `${subject} ${listAlertLocations.id}`, message);
}
