import { type Endpoint, titleOf } from '../../shared/api/endpoint.ts';
import { addKey, byId, type Drafts, setFacts } from '../../shared/identity-drafts.ts';
import type { Alert, AlertLocation } from '../schemas/alerts.ts';
import { PROVIDER, repositoryId } from './names.ts';

/** Places of an alert that become join keys. */
export const MOST_PLACES = 1_000;

/**
 * Describes an alert of secret scanning: a support node with the places where GitHub found the secret. It never holds
 * the secret; a found secret at one of the places is the one that the alert is about.
 */
export function describeAlert(
  drafts: Drafts,
  fullName: string,
  alert: Alert,
  more: readonly AlertLocation[] | undefined,
  endpoint: Endpoint<unknown>,
): void {
  const source = titleOf(endpoint);
  const evidence = { collector: PROVIDER, source };
  const [account] = fullName.split('/');
  const id = `github:alert:${fullName}:${alert.number}`;
  const name = `${alert.secret_type_display_name ?? alert.secret_type ?? 'secret'} (alert ${alert.number})`;
  const draft = drafts.identity({ id, type: 'secret_scanning_alert', provider: PROVIDER, account, name }, evidence);
  const facts = {
    alertState: alert.state,
    alertResolution: alert.resolution,
    secretType: alert.secret_type,
    validity: alert.validity === 'unknown' ? undefined : alert.validity,
    publiclyLeaked: alert.publicly_leaked ?? undefined,
    multiRepository: alert.multi_repo ?? undefined,
    pushProtectionBypassed: alert.push_protection_bypassed ?? undefined,
    bypassedBy: alert.push_protection_bypassed_by?.login,
    createdAt: alert.created_at,
  };
  setFacts(draft, facts, source);
  for (const place of placesOf(alert, more)) addKey(draft, 'github-alert', keyOf(fullName, place));
  drafts.edge(id, 'runs-in', byId(repositoryId(fullName)), evidence);
}

type Place = NonNullable<AlertLocation['details']>;

function placesOf(alert: Alert, more: readonly AlertLocation[] | undefined): readonly Place[] {
  const further = (more ?? []).flatMap((location) => (location.details === undefined ? [] : [location.details]));
  const first = alert.first_location_detected === undefined ? [] : [alert.first_location_detected];
  return [...first, ...further].slice(0, MOST_PLACES);
}

/** `owner/name:path:line:blob`, with the repository in lower case. Places in issues and wikis have no path. */
function keyOf(fullName: string, place: Place): string | undefined {
  const { path, start_line: line, blob_sha: blob } = place;
  if (path === undefined || line === undefined || blob === undefined) return undefined;
  return `${fullName.toLowerCase()}:${path.replace(/^\//, '')}:${line}:${blob}`;
}
