import type { CodeFlow, ThreadFlowLocation } from 'sarif';
import { encodePath } from '../../lib/text/encode-path.ts';
import { cleanText } from '../../lib/text/terminal.ts';
import { isPresent } from './findings.ts';
import { type Inventory, identityOf, type PathStep, traceGrants, traceIdentity } from './inventory.ts';
import { type Anchor, physicalLocation, regionOf } from './sarif-anchor.ts';
import { baseOf } from './sarif-repositories.ts';
import { capitalise } from './words.ts';

const LISTED_GRANTS = 10;

/** The way from the secret to the identity and what it may do, as steps that code scanning can show. */
export function buildCodeFlows(inventory: Inventory, anchor: Anchor): CodeFlow[] {
  const { finding } = anchor;
  if (finding.kind !== 'secret') return [];
  const steps = traceIdentity(inventory, finding);
  if (steps.length === 0) return [];
  const identity = identityOf(inventory, finding) ?? steps.at(-1)?.identity;
  const grants = identity === undefined ? [] : traceGrants(inventory, identity, LISTED_GRANTS);
  const start = flowLocation(inventory, anchor, undefined, `Secret ${cleanText(finding.secret.redacted)}`);
  const rest = [...steps, ...grants].map((step) =>
    flowLocation(inventory, anchor, step, capitalise(`${step.relation} ${step.label}`)),
  );
  return [{ threadFlows: [{ locations: [start, ...rest] }] }];
}

/** A step without a file of its own stands where the secret stands: code scanning shows only steps with a place. */
function flowLocation(
  inventory: Inventory,
  anchor: Anchor,
  step: PathStep | undefined,
  text: string,
): ThreadFlowLocation {
  const place = step?.location;
  const isInTree = place !== undefined && isPresent(place);
  const uri = isInTree ? encodePath(place.path) : anchor.uri;
  const base = isInTree ? baseOf(inventory, place.repository) : anchor.base;
  const region = isInTree ? regionOf(place) : anchor.region;
  return { location: { physicalLocation: physicalLocation(uri, base, region), message: { text } } };
}
