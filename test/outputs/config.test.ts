import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { renderOutputValidators, VALIDATORS } from '../../src/build/generated/validators.ts';
import { parseOutputs } from '../../src/outputs/config.ts';
import { createOutputNetwork, loadReceivers, sendTest } from '../../src/outputs/index.ts';
import { ROOT } from '../architecture/source-files.ts';
import { outputs } from './all-outputs.ts';
import { startReceiver } from './receiver.ts';

const refusal = (text: string): Promise<string> =>
  parseOutputs(text, 'fleet.yaml').then(
    () => '',
    (error: Error) => error.message,
  );
const entry = (...lines: string[]): string =>
  ['outputs:', ...lines.map((line, at) => `${at === 0 ? '  - ' : '    '}${line}`)].join('\n');

it('has fresh validators: else run "npm run generate"', () => {
  expect(readFileSync(join(ROOT, VALIDATORS.outputs), 'utf8')).toBe(renderOutputValidators(outputs));
});

it('reads receivers', async () => {
  expect(await parseOutputs('', 'fleet.yaml')).toEqual([]);
  const text = entry('name: alerts', 'type: slack', 'url-from: SLACK_URL', 'min-severity: high');
  const settings = await parseOutputs(text, 'fleet.yaml');
  expect(settings).toEqual([{ name: 'alerts', type: 'slack', 'url-from': 'SLACK_URL', 'min-severity': 'high' }]);
});

it('says where a value of a receiver stands, and what to write instead, without the value', async () => {
  const value = `xo${'xb-'}${'81726354'.repeat(3)}`;
  const tracker = ['name: t', 'type: github-issue', 'repository: a/b'];
  const direct = await refusal(entry(...tracker, 'token-from: ISSUES_TOKEN', `token: ${value}`));
  expect(direct).toContain('fleet.yaml:6:12: outputs.0: unknown key "token"');
  expect(direct).toContain('write "token-from: NAME"');
  const named = await refusal(entry(...tracker, `token-from: ${value}`));
  expect(named).toContain('Write the name of a variable');
  expect(direct + named).not.toContain(value);
});

it.each([
  [entry('name: x', 'type: slak'), 'did you mean "slack"?'],
  [entry('name: x', 'type: webhook', 'url: http://hooks.example/', 'key-from: HOOK_KEY'), 'begins with https://'],
  [entry('name: x', 'type: webhook', 'url: https://u:p@hooks.example/', 'key-from: HOOK_KEY'), 'begins with https://'],
  [`${entry('name: x', 'type: slack', 'url-from: A_B')}\n  - {name: x, type: slack, url-from: A_B}`, 'two receivers'],
  ['outputs: {}', 'write a list'],
  ['slack: x', 'unknown key'],
  ['- a', 'write a map'],
])('refuses %j', async (text, words) => {
  expect(await refusal(text)).toContain(words);
});

it('sends a test message to each receiver that has a harmless one', async () => {
  const receiver = await startReceiver(({ method }) => ({ status: 200, body: method === 'GET' ? '[]' : '' }));
  const text = entry('name: hook', 'type: webhook', `url: ${receiver.origin}/x`, 'key-from: HOOK_KEY');
  const tracker = `\n  - {name: t, type: github-issue, repository: a/b, token-from: A_B, api: "${receiver.origin}"}`;
  const receivers = await loadReceivers(await parseOutputs(text + tracker, 'fleet.yaml'));
  const network = createOutputNetwork(receivers.values(), 'test', fetch);
  const port = { network, secret: () => 'made-up-value', now: () => 0, dial: () => Promise.resolve() };
  for (const own of receivers.values())
    expect(await sendTest(own, port, '2026-11-30T02:00:00Z')).toEqual({ state: 'sent' });
  expect(receiver.seen.map(({ method }) => method)).toEqual(['POST', 'GET']);
  await receiver.close();
});
