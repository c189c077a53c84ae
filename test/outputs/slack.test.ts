import { expect, it } from 'vitest';
import slack from '../../src/outputs/slack.ts';
import { outputContract } from '../contract/output-contract.ts';
import { eventOf, secretFinding } from './sample-events.ts';

const settings = (origin: string) => ({
  name: 'channel',
  type: 'slack',
  'url-from': 'SLACK_URL',
  host: new URL(origin).host,
});

interface Element {
  readonly type: string;
  readonly text?: string;
  readonly url?: string;
  readonly elements?: readonly Element[];
}

const flatten = (element: Element): Element[] => [element, ...(element.elements ?? []).flatMap(flatten)];

outputContract(slack, {
  settings,
  env: (origin) => ({ SLACK_URL: `${origin}/services/T1/B1/abcdefgh` }),
  check: ({ body }) => {
    const { text, blocks } = JSON.parse(body);
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(JSON.stringify(blocks).length).toBeLessThan(13_000);
    expect(text.length).toBeLessThan(4000);
    expect(blocks[0].text.text.length).toBeLessThanOrEqual(150);
  },
  checkHostile: ({ body }) => {
    const { text, blocks } = JSON.parse(body);
    // The only text that Slack reads as markup is ours alone.
    expect(text).toMatch(/^Bowerbird(?:: [a-z0-9 ,]+)?$/);
    const elements: Element[] = blocks.filter((block: Element) => block.type === 'rich_text').flatMap(flatten);
    const types = new Set(elements.map(({ type }) => type));
    expect([...types].filter((type) => !['rich_text', 'rich_text_section', 'text', 'link'].includes(type))).toEqual([]);
    for (const { url } of elements) if (url !== undefined) expect(new URL(url).host).toBe('x.example');
    expect(JSON.stringify(elements.filter(({ type }) => type === 'text'))).not.toContain('://');
  },
});

it('lists 25 findings, and gives counts and the worst ten of more', () => {
  const events = (count: number) =>
    Array.from({ length: count }, (_, at) => eventOf('new', secretFinding(`id-${at}-`)));
  const text = (count: number) =>
    slack.render({ events: events(count) }, settings('http://127.0.0.1')).requests[0]?.body ?? '';
  const ids = (body: string) => new Set(body.match(/id-\d+-/g)).size;
  expect(ids(text(25))).toBe(25);
  expect(ids(text(26))).toBe(10);
  expect(text(26)).toContain('26 findings changed');
  expect(text(26)).toContain('26 critical');
  expect(text(26)).toContain('16 more not shown here');
});
