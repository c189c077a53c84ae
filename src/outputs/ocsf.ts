import { defined } from '../lib/fields/defined.ts';
import { stringifyJson } from '../lib/text/escape.ts';
import type { Confidence, Severity } from '../model/match.ts';
import type { OutputRequest, OutputSettings } from './contract.ts';
import { defineOutput } from './define.ts';
import type { FindingEventKind, FindingView, PlaceView, SafeFindingEvent } from './event.ts';
import { keyOf, partItems } from './shared/requests.ts';
import { ADDRESS, hostOf, optionalText, textOf, VARIABLE } from './shared/settings.ts';
import { isFindingEvent } from './shared/view.ts';

/** The newest stable version of the schema; fixtures/outputs holds what it asks of these classes. */
const VERSION = '1.8.0';
const LIMITS = { items: 500, bytes: 512 * 1024 };
const FINDINGS = 2;
const DETECTION = 2004;
const COMPLIANCE = 2003;
const SEVERITY: Readonly<Record<Severity, number>> = { none: 1, low: 2, medium: 3, high: 4, critical: 5 };
const CONFIDENCE: Readonly<Record<Confidence, number>> = { low: 1, medium: 2, high: 3 };
/** Create, update, close; and new, suppressed, resolved. */
const STATES: Readonly<Record<FindingEventKind, { readonly activity: number; readonly status: number }>> = {
  new: { activity: 1, status: 1 },
  reopened: { activity: 2, status: 1 },
  verdict: { activity: 2, status: 1 },
  fixed: { activity: 3, status: 4 },
  accepted: { activity: 3, status: 3 },
};
const RULE = 1;
const REGULAR_FILE = 1;
const [PASS, FAIL] = [1, 3];

export default defineOutput({
  id: 'ocsf',
  title: 'OCSF events over HTTPS: Detection Finding for secrets, Compliance Finding for posture',
  settings: { url: ADDRESS, 'token-from': VARIABLE, form: { enum: ['array', 'lines'] } },
  required: ['url'],
  tells: ['new', 'reopened', 'verdict', 'fixed', 'accepted'],
  hosts: (settings) => [hostOf(textOf(settings, 'url'))],
  render: ({ events }, settings) => {
    const texts = events.filter(isFindingEvent).map((event) => ({ id: event.id, text: stringifyJson(toOcsf(event)) }));
    return {
      requests: partItems(texts, LIMITS, ({ text }) => Buffer.byteLength(text) + 1).map((part) =>
        renderPart(part, settings),
      ),
      left: events
        .filter((event) => !isFindingEvent(event))
        .map(({ id }) => ({ event: id, reason: 'OCSF findings are about findings' })),
    };
  },
});

function renderPart(part: readonly { id: string; text: string }[], settings: OutputSettings): OutputRequest {
  const ids = part.map(({ id }) => id);
  const texts = part.map(({ text }) => text);
  const token = optionalText(settings, 'token-from');
  const isLines = settings['form'] === 'lines';
  const key = keyOf(settings, ids);
  return {
    key,
    events: ids,
    method: 'POST',
    url: textOf(settings, 'url'),
    headers: {
      'content-type': isLines ? 'application/x-ndjson' : 'application/json',
      'idempotency-key': key,
      ...(token === undefined ? {} : { authorization: { env: token, before: 'Bearer ' } }),
    },
    body: isLines ? `${texts.join('\n')}\n` : `[${texts.join(',')}]`,
  };
}

/** An event of the class for its finding. */
function toOcsf(event: SafeFindingEvent): object {
  const { finding, kind, at, id, run } = event;
  const { activity, status } = STATES[kind];
  const isSecret = finding.kind === 'secret';
  const classUid = isSecret ? DETECTION : COMPLIANCE;
  return {
    activity_id: activity,
    category_uid: FINDINGS,
    class_uid: classUid,
    type_uid: classUid * 100 + activity,
    time: Date.parse(at),
    severity_id: SEVERITY[finding.severity],
    status_id: status,
    confidence_id: CONFIDENCE[finding.confidence],
    message: finding.message,
    metadata: {
      version: VERSION,
      product: { name: 'Bowerbird', vendor_name: 'Bowerbird' },
      uid: id,
      correlation_uid: run,
      log_name: 'bowerbird',
    },
    finding_info: infoOf(event),
    remediation: { desc: finding.remediation },
    resources: resourcesOf(finding),
    ...(finding.places.length === 0 ? {} : { evidences: finding.places.map(evidenceOf) }),
    ...(isSecret ? { is_alert: activity !== 3, risk_score: Math.round(finding.score * 10) } : complianceOf(event)),
    unmapped: unmappedOf(event),
  };
}

function infoOf({ finding, link }: SafeFindingEvent): object {
  const { id, title, message, ruleId } = finding;
  return {
    uid: id,
    title,
    desc: message,
    types: [ruleId],
    analytic: { name: title, uid: ruleId, type_id: RULE },
    ...defined({ src_url: link ?? finding.link }),
  };
}

function complianceOf({ finding, kind }: SafeFindingEvent): object {
  const status = kind === 'fixed' ? PASS : FAIL;
  return { compliance: { control: finding.ruleId, standards: finding.owasp, desc: finding.title, status_id: status } };
}

/** Repositories that hold the finding, and the identity that it is about. */
function resourcesOf({ places, identityId, owners }: FindingView): readonly object[] {
  const [owner] = owners;
  const owned = owner === undefined ? {} : { owner: { name: owner.name } };
  const repositories = [...new Set(places.flatMap(({ repository }) => repository ?? []))];
  return [
    ...repositories.map((name) => ({ name, uid: name, type: 'repository', ...owned })),
    ...(identityId === undefined ? [] : [{ uid: identityId, type: 'identity', ...owned }]),
  ];
}

function evidenceOf({ path, startLine, endLine, repository, commit, url }: PlaceView): object {
  const name = path.split('/').at(-1) ?? path;
  return {
    file: { name: name === '' ? path : name, path, type_id: REGULAR_FILE },
    data: { startLine, endLine, ...defined({ repository, commit, url }) },
  };
}

function unmappedOf({ kind, finding, actor }: SafeFindingEvent): object {
  const { score, vector, fingerprint, redacted, verdict, acceptance, morePlaces } = finding;
  return { event: kind, score, vector, morePlaces, ...defined({ fingerprint, redacted, verdict, acceptance, actor }) };
}
