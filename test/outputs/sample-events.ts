import type { JsonFinding } from '../../src/model/json-report.ts';
import type { FindingEvent, FindingEventKind, OutputEvent } from '../../src/outputs/event.ts';

/** A value that must never leave; made of parts, so that no scanner takes it for a real one. */
export const RAW = `gh${'p_'}${'Qw3rTy7Uk9Lm'.repeat(3)}`;

/** Tries everything: mentions, links, markup, cards, headers, CEF fields, control and bidi characters. */
export const HOSTILE =
  '<!channel> <@U1> @everyone @acme/all [x](https://evil.example) <https://evil.example|x> *b* `c` ``` #1 \r\nX-Evil: 1\r\n<at>a</at> |=\\ "q" ]\u202e\u001b[31m <img src=x onerror=1> --> {{x}} www.evil.example javascript:alert(1)';

const AT = '2026-11-30T02:00:00.000Z';

/** A finding of a secret in the form of the JSON report. */
export function secretFinding(id: string, fields: Partial<JsonFinding> = {}): JsonFinding {
  return {
    id,
    kind: 'secret',
    ruleId: 'github-token',
    title: 'GitHub token',
    severity: 'critical',
    score: 9.1,
    scoreRange: [9.1, 9.1],
    vector: 'E:pub/P:1/V:act/L:x',
    factors: [],
    confidence: 'high',
    message: 'A GitHub token stands in deploy/.env',
    facts: {},
    secret: { redacted: 'ghp_********', fingerprint: 'ab'.repeat(16), length: 40 },
    verdict: { state: 'active', reason: 'the provider accepts it', checkedAt: AT },
    owasp: ['NHI2'],
    owners: [{ name: '@acme/web', kind: 'team', how: 'CODEOWNERS', state: 'active' }],
    locations: [
      {
        collector: 'git',
        path: 'deploy/.env',
        startLine: 3,
        startColumn: 1,
        endLine: 3,
        endColumn: 41,
        repository: 'acme/shop',
        commit: '4f2d9c6b1a0e8d7c5b3a29181706f5e4d3c2b1a0',
        author: 'someone@example.com',
        url: 'https://github.example/acme/shop/blob/main/deploy/.env#L3',
      },
    ],
    moreLocations: 2,
    remediation: 'Revoke the token.',
    references: ['https://docs.example/tokens'],
    ...fields,
  };
}

/** A finding of posture. */
export function postureFinding(id: string): JsonFinding {
  const { secret: _, verdict: __, ...rest } = secretFinding(id);
  return { ...rest, kind: 'posture', ruleId: 'old-key', title: 'Old key', severity: 'high', identityId: 'aws:user:ci' };
}

/** An event about a finding. */
export function eventOf(kind: FindingEventKind, finding: JsonFinding, id = `e-${kind}-${finding.id}`): FindingEvent {
  return { id, kind, at: AT, run: 'run-7', finding };
}

/** Every kind of event, once. */
export function everyEvent(): OutputEvent[] {
  const base = { at: AT, run: 'run-7' };
  const summary = { repositories: 2000, failed: 3, new: 4, fixed: 2, reopened: 1, open: { critical: 3, high: 5 } };
  return [
    eventOf('new', secretFinding('f00000000001')),
    eventOf('new', postureFinding('f00000000002')),
    eventOf('reopened', secretFinding('f00000000003')),
    eventOf('verdict', secretFinding('f00000000004')),
    eventOf('fixed', secretFinding('f00000000005')),
    eventOf('accepted', secretFinding('f00000000006', { suppression: acceptance() })),
    { ...base, id: 'e-coverage', kind: 'coverage-failed', scope: 'acme/till', reason: 'the clone failed' },
    { ...base, id: 'e-night', kind: 'night-ended', summary },
  ];
}

function acceptance(): NonNullable<JsonFinding['suppression']> {
  return { kind: 'allowlist', reason: 'a test key', owner: '@acme/web', source: '.bowerbird.yaml:4' };
}

/** A finding with a text in every field that others write. */
export function findingWith(text: string, value?: string): JsonFinding {
  const base = secretFinding(text);
  const [place] = base.locations;
  if (place === undefined) throw new Error('the sample has a place');
  return {
    ...base,
    ruleId: text,
    title: text,
    vector: text,
    message: text,
    remediation: text,
    identityId: text,
    owasp: [text],
    references: [text, `https://x.example/${text}`],
    facts: { text },
    secret: { redacted: text, fingerprint: text, length: 9, ...(value === undefined ? {} : { value }) },
    verdict: { state: 'active', reason: text, verifier: text, facts: { text } },
    owners: [{ name: text, kind: 'person', how: text, state: 'active' }],
    locations: [
      { ...place, path: text, repository: text, commit: text, author: text, url: `https://x.example/${text}` },
    ],
    suppression: { kind: 'inline', reason: text, owner: text, expires: text, source: text },
  };
}
