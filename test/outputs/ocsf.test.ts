import { expect, it } from 'vitest';
import ocsf from '../../src/outputs/ocsf.ts';
import { outputContract } from '../contract/output-contract.ts';
import { ocsfProblems } from './ocsf-schema.ts';
import { eventOf, postureFinding, secretFinding } from './sample-events.ts';

const settings = (origin: string) => ({
  name: 'lake',
  type: 'ocsf',
  url: `${origin}/events`,
  'token-from': 'LAKE_TOKEN',
});

outputContract(ocsf, {
  settings,
  env: () => ({ LAKE_TOKEN: `lake-${'token-'.repeat(4)}` }),
  check: ({ body }) => {
    const events = JSON.parse(body);
    expect(events.length).toBeLessThanOrEqual(500);
    expect(Buffer.byteLength(body)).toBeLessThan(1024 * 1024);
    for (const event of events) expect(ocsfProblems(event)).toEqual([]);
  },
  checkHostile: ({ body }) => {
    for (const { finding_info } of JSON.parse(body)) {
      if (finding_info.src_url !== undefined) expect(new URL(finding_info.src_url).host).toBe('x.example');
    }
  },
});

it('closes a finding when it is fixed, and says so of posture as a check that passes', () => {
  const events = [eventOf('new', secretFinding('f1')), eventOf('fixed', postureFinding('f2'))];
  const body = ocsf.render({ events }, settings('https://lake.example')).requests[0]?.body ?? '';
  expect(JSON.parse(body)).toMatchObject([
    { class_uid: 2004, activity_id: 1, status_id: 1, finding_info: { uid: 'f1' } },
    { class_uid: 2003, activity_id: 3, status_id: 4, finding_info: { uid: 'f2' }, compliance: { status_id: 1 } },
  ]);
});

it('writes one event a line where the receiver wants lines', () => {
  const events = [eventOf('new', secretFinding('f1')), eventOf('new', secretFinding('f2'))];
  const body = ocsf.render({ events }, { ...settings('https://lake.example'), form: 'lines' }).requests[0]?.body ?? '';
  expect(
    body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).finding_info.uid),
  ).toEqual(['f1', 'f2']);
});

it('has a schema that refuses what is wrong', () => {
  const events = [eventOf('new', secretFinding('f1'))];
  const [event] = JSON.parse(ocsf.render({ events }, settings('https://lake.example')).requests[0]?.body ?? '');
  expect(ocsfProblems({ ...event, severity_id: 42, extra: 1, finding_info: {} })).toEqual([
    'event.severity_id is none of its values',
    'event.finding_info.uid is missing',
    'event.extra is unknown',
  ]);
});
