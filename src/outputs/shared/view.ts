import { defined } from '../../lib/fields/defined.ts';
import { cutText } from '../../lib/text/escape.ts';
import { cleanText } from '../../lib/text/terminal.ts';
import type { Owner, Suppression } from '../../model/finding.ts';
import type { JsonFinding } from '../../model/json-report.ts';
import type { Location } from '../../model/location.ts';
import type { FindingView, NightEnded, OutputEvent, PlaceView, SafeEvent, SafeFindingEvent } from '../event.ts';
import { safeUrl } from './url.ts';

/** Most of each list that leaves the process, and the most characters of a text. */
export const VIEW_LIMITS = { places: 20, owners: 10, references: 10, name: 200, path: 400, text: 1_000 } as const;

/** True for an event about a finding. */
export function isFindingEvent(event: SafeEvent): event is SafeFindingEvent {
  return 'finding' in event;
}

/** Makes texts safe: cleans, takes out a value that should not be there, and cuts. */
type Tidy = (text: string, most: number) => string;

/** An event as receivers may see it. */
export function viewEvent(event: OutputEvent): SafeEvent {
  const tidy = 'finding' in event ? tidierFor(event.finding) : tidier(undefined);
  const base = {
    id: tidy(event.id, VIEW_LIMITS.name),
    at: isoOf(event.at) ?? '1970-01-01T00:00:00.000Z',
    run: tidy(event.run, VIEW_LIMITS.name),
    ...defined({ link: safeUrl(event.link) }),
  };
  if (event.kind === 'night-ended') return { ...base, kind: event.kind, summary: countsOf(event.summary) };
  if (event.kind === 'coverage-failed') {
    const { kind, scope, reason, since } = event;
    const texts = { scope: tidy(scope, VIEW_LIMITS.path), reason: tidy(reason, VIEW_LIMITS.text) };
    return { ...base, kind, ...texts, ...defined({ since: isoOf(since) }) };
  }
  const { kind, finding, actor } = event;
  const withActor = actor === undefined ? {} : { actor: tidy(actor, VIEW_LIMITS.name) };
  return { ...base, kind, finding: viewFinding(finding, event.link), ...withActor };
}

function isoOf(text: string | undefined): string | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

function countsOf(summary: NightEnded['summary']): NightEnded['summary'] {
  const { repositories, failed, fixed, reopened, open } = summary;
  return { repositories, failed, new: summary.new, fixed, reopened, open: { ...open } };
}

/** What receivers may see of a finding. `link` goes before the address of its first place. */
export function viewFinding(finding: JsonFinding, link?: string): FindingView {
  const tidy = tidierFor(finding);
  const name = (text: string): string => tidy(text, VIEW_LIMITS.name);
  const places = finding.locations.slice(0, VIEW_LIMITS.places).map((location) => viewPlace(location, tidy));
  const hidden = finding.locations.length - places.length;
  return {
    id: name(finding.id),
    kind: finding.kind,
    ruleId: name(finding.ruleId),
    title: name(finding.title),
    severity: finding.severity,
    score: finding.score,
    vector: name(finding.vector),
    confidence: finding.confidence,
    message: tidy(finding.message, VIEW_LIMITS.text),
    remediation: tidy(finding.remediation, VIEW_LIMITS.text),
    ...viewSecret(finding, tidy),
    ...defined({ identityId: finding.identityId === undefined ? undefined : name(finding.identityId) }),
    owasp: finding.owasp.slice(0, VIEW_LIMITS.references).map(name),
    owners: finding.owners.slice(0, VIEW_LIMITS.owners).map((owner) => viewOwner(owner, name)),
    places,
    morePlaces: finding.moreLocations + hidden,
    references: finding.references.flatMap((text) => safeUrl(name(text)) ?? []).slice(0, VIEW_LIMITS.references),
    ...viewAcceptance(finding.suppression, tidy),
    ...defined({ link: safeUrl(link) ?? places.find(({ url }) => url !== undefined)?.url }),
  };
}

function tidierFor(finding: JsonFinding): Tidy {
  return tidier(finding.secret?.value);
}

/** A report made with raw values has one in `secret.value`; it is taken out wherever else it stands as well. */
function tidier(value: string | undefined): Tidy {
  const raw = [value ?? '', cleanText(value ?? ''), encodeURIComponent(cleanText(value ?? ''))].filter(
    (text) => text !== '',
  );
  return (text, most) => {
    let clean = text;
    for (const part of raw) clean = clean.replaceAll(part, '(removed)');
    clean = cleanText(clean);
    for (const part of raw) clean = clean.replaceAll(part, '(removed)');
    return cutText(clean, most);
  };
}

function viewSecret({ secret, verdict }: JsonFinding, tidy: Tidy): Partial<FindingView> {
  const fingerprint = secret === undefined ? undefined : tidy(secret.fingerprint, VIEW_LIMITS.name);
  const redacted = secret === undefined ? undefined : tidy(secret.redacted, VIEW_LIMITS.name);
  if (verdict === undefined) return defined({ fingerprint, redacted });
  const { state, reason, checkedAt } = verdict;
  const said = { state, reason: tidy(reason, VIEW_LIMITS.text), ...defined({ checkedAt: isoOf(checkedAt) }) };
  return { ...defined({ fingerprint, redacted }), verdict: said };
}

function viewOwner({ name, kind, how }: Owner, clean: (text: string) => string): FindingView['owners'][number] {
  return { name: clean(name), kind, how: clean(how) };
}

function viewPlace(location: Location, tidy: Tidy): PlaceView {
  const { path, startLine, endLine, repository, commit, url } = location;
  const optional = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : tidy(text, VIEW_LIMITS.name);
  return {
    path: tidy(path, VIEW_LIMITS.path),
    startLine,
    endLine,
    ...defined({ repository: optional(repository), commit: optional(commit) }),
    ...defined({ url: url === undefined ? undefined : safeUrl(tidy(url, VIEW_LIMITS.text)) }),
  };
}

function viewAcceptance(suppression: Suppression | undefined, tidy: Tidy): Pick<FindingView, 'acceptance'> {
  if (suppression === undefined) return {};
  const { kind, reason, owner, expires } = suppression;
  const texts = {
    owner: owner === undefined ? undefined : tidy(owner, VIEW_LIMITS.name),
    expires: expires === undefined ? undefined : tidy(expires, VIEW_LIMITS.name),
  };
  return { acceptance: { kind, reason: tidy(reason, VIEW_LIMITS.text), ...defined(texts) } };
}
