import { defined } from '../lib/fields/defined.ts';
import { stringifyJson } from '../lib/text/escape.ts';
import type { Delivery, DeliveryPort, OutputRequest, OutputSettings } from './contract.ts';
import { defineOutput } from './define.ts';
import type { FindingView, SafeFindingEvent } from './event.ts';
import { type Answer, askNetwork, fill, judge } from './shared/deliver.ts';
import {
  commentParts,
  deliverIssue,
  type FoundIssue,
  issuePlaces,
  issueRows,
  issueTitle,
  markdownRow,
  type Tracker,
  wordOf,
} from './shared/issue.ts';
import { codeSpan } from './shared/markdown.ts';
import { keyOf } from './shared/requests.ts';
import { ADDRESS, addressBelow, hostOf, optionalText, textOf, VARIABLE } from './shared/settings.ts';
import { isFindingEvent } from './shared/view.ts';

const API = 'https://api.github.com';
/** Every issue has it, so that a lookup lists our issues alone. */
const LABEL = 'bowerbird';
const TITLE = 256;
const PAGE = 100;
const MOST_PAGES = 50;
/** GitHub takes at most ten assignees. */
const MOST_ASSIGNEES = 10;
const NAMES = { type: 'array', maxItems: 10, items: { type: 'string', minLength: 1, maxLength: 50 } };
const ADVICE: Readonly<Record<number, string>> = {
  403: 'Give the token the permission "Issues: read and write" for this repository.',
  404: 'Check the setting "repository", and that the token has "Issues: read and write" for it.',
  410: 'Issues are off in this repository: turn them on in its settings.',
  422: 'GitHub refuses the issue: check that every assignee in "owners" can be assigned there.',
};

export default defineOutput({
  id: 'github-issue',
  title: 'one GitHub issue for each finding, closed when it is fixed and opened again when it comes back',
  settings: {
    repository: { type: 'string', maxLength: 140, pattern: '^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$' },
    'token-from': VARIABLE,
    api: ADDRESS,
    owners: {
      type: 'object',
      maxProperties: 1000,
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        properties: { assignees: NAMES, labels: NAMES },
      },
    },
  },
  required: ['repository', 'token-from'],
  tells: ['new', 'reopened', 'verdict', 'fixed', 'accepted'],
  lowest: 'high',
  hosts: (settings) => [hostOf(optionalText(settings, 'api') ?? API)],
  render: ({ events }, settings) => ({
    requests: events.filter(isFindingEvent).map((event) => renderIssue(event, settings)),
    left: events
      .filter((event) => !isFindingEvent(event))
      .map(({ id }) => ({ event: id, reason: 'an issue is about a finding' })),
  }),
  deliver,
  advice: ADVICE,
});

function renderIssue(event: SafeFindingEvent, settings: OutputSettings): OutputRequest {
  const { finding, kind } = event;
  const repository = textOf(settings, 'repository');
  return {
    key: keyOf(settings, [event.id]),
    events: [event.id],
    method: 'POST',
    url: addressBelow(optionalText(settings, 'api') ?? API, `/repos/${repository}/issues`),
    headers: {
      accept: 'application/vnd.github+json',
      'content-type': 'application/json',
      'x-github-api-version': '2022-11-28',
      authorization: { env: textOf(settings, 'token-from'), before: 'Bearer ' },
    },
    body: stringifyJson({ title: issueTitle(finding, TITLE), body: bodyOf(event), ...assign(finding, settings) }),
    issue: {
      findingId: finding.id,
      event: kind,
      comment: stringifyJson({ body: commentParts(event).map(markdownRow).join('\n\n') }),
    },
  };
}

function bodyOf({ finding, link }: SafeFindingEvent): string {
  const address = link ?? finding.link;
  return [
    ...issueRows(finding).map(markdownRow),
    '**Places**',
    issuePlaces(finding)
      .map((place) => `- ${codeSpan(place)}`)
      .join('\n'),
    ...(address === undefined ? [] : [`[Open](${address})`]),
    markerOf(finding.id),
  ].join('\n\n');
}

/** A comment that nobody sees, by which the issue is found again. */
function markerOf(findingId: string): string {
  return `<!-- bowerbird:finding:${wordOf(findingId)} -->`;
}

/** Labels and people for the owners whom the user's file names. A repository cannot name anybody by itself. */
function assign({ owners }: FindingView, settings: OutputSettings): object {
  const map = (settings['owners'] ?? {}) as Readonly<Record<string, { assignees?: string[]; labels?: string[] }>>;
  const known = owners.flatMap(({ name }) => (Object.hasOwn(map, name) ? [map[name]] : []));
  const assignees = [...new Set(known.flatMap((entry) => entry?.assignees ?? []))].slice(0, MOST_ASSIGNEES);
  return { labels: [LABEL, ...new Set(known.flatMap((entry) => entry?.labels ?? []))], assignees };
}

async function deliver(request: OutputRequest, port: DeliveryPort): Promise<Delivery> {
  const { issue, headers, url } = request;
  if (issue === undefined || typeof url !== 'string') throw new Error('bug: a request for an issue without a plan');
  const filled: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const text = typeof value === 'string' ? value : fill(value, port);
    if (typeof text !== 'string') return text;
    filled[name] = text;
  }
  const call = (method: string, address: string, body?: string): Promise<Answer | Delivery> =>
    askNetwork(port, address, { method, headers: filled, ...defined({ body }) }, [filled['authorization'] ?? '']);
  const change = async (method: string, address: string, body: string): Promise<Delivery> => {
    const answer = await call(method, address, body);
    return 'state' in answer ? answer : judge(answer, port.now(), ADVICE);
  };
  const tracker: Tracker = {
    find: () => findIssue(url, markerOf(issue.findingId), port, (address) => call('GET', address)),
    create: () => change('POST', url, request.body),
    setOpen: ({ id }, isOpen) => change('PATCH', `${url}/${id}`, stringifyJson(stateOf(isOpen, issue.event))),
    comment: ({ id }) => change('POST', `${url}/${id}/comments`, issue.comment),
  };
  return deliverIssue(issue, tracker);
}

function stateOf(isOpen: boolean, event: string): object {
  if (isOpen) return { state: 'open', state_reason: 'reopened' };
  return { state: 'closed', state_reason: event === 'accepted' ? 'not_planned' : 'completed' };
}

async function findIssue(
  url: string,
  marker: string,
  port: DeliveryPort,
  get: (address: string) => Promise<Answer | Delivery>,
): Promise<FoundIssue | undefined | Delivery> {
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const answer = await get(`${url}?labels=${LABEL}&state=all&per_page=${PAGE}&page=${page}`);
    if ('state' in answer) return answer;
    const judged = judge(answer, port.now(), ADVICE);
    if (judged.state !== 'sent') return judged;
    const issues = readIssues(answer.text);
    if (issues === undefined) return { state: 'retry', reason: 'the list of issues is no JSON list' };
    const match = issues.find(({ body }) => body.includes(marker));
    if (match !== undefined) return { id: match.number, isOpen: match.state === 'open' };
    if (issues.length < PAGE) return undefined;
  }
  const reason = `more than ${PAGE * MOST_PAGES} issues have the label "${LABEL}"`;
  return { state: 'refused', reason, advice: `Take the label "${LABEL}" off old closed issues.` };
}

interface ListedIssue {
  readonly number: string;
  readonly state: string;
  readonly body: string;
}

function readIssues(text: string): readonly ListedIssue[] | undefined {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(list)) return undefined;
  return list.map((entry: Readonly<Record<string, unknown>> | null) => ({
    number: String(Number(entry?.['number'])),
    state: String(entry?.['state']),
    body: typeof entry?.['body'] === 'string' && entry['pull_request'] === undefined ? entry['body'] : '',
  }));
}
