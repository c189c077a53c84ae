import { stringifyJson } from '../lib/text/escape.ts';
import type { OutputRequest, OutputSettings } from './contract.ts';
import { defineOutput } from './define.ts';
import type { SafeEvent } from './event.ts';
import { type ChatLine, type ChatMessage, composeChat, fitChat } from './shared/chat.ts';
import { keyOf } from './shared/requests.ts';
import { HOST, optionalText, textOf, VARIABLE } from './shared/settings.ts';

/**
 * 50 blocks a message, 150 characters a header, and about 13,000 characters of all blocks together, which is documented
 * nowhere (`msg_blocks_too_long`).
 */
const LIMITS = { blocks: 50, header: 150, characters: 12_000 };
const USUAL_HOST = 'hooks.slack.com';

export default defineOutput({
  id: 'slack',
  title: 'a message to a Slack channel, through an incoming webhook',
  settings: { 'url-from': VARIABLE, host: HOST },
  required: ['url-from'],
  tells: ['new', 'reopened', 'verdict', 'coverage-failed', 'night-ended'],
  hosts: (settings) => [hostFor(settings)],
  render: ({ events }, settings) => ({
    requests: events.length === 0 ? [] : [renderMessage(events, settings)],
    left: [],
  }),
  advice: {
    403: 'The app may not post to this channel any more. Make a new incoming webhook.',
    404: 'The webhook or its channel is gone. Make a new one, and put its address in the variable.',
    410: 'The channel is archived. Make an incoming webhook for another one.',
  },
});

function hostFor(settings: OutputSettings): string {
  return optionalText(settings, 'host') ?? USUAL_HOST;
}

function renderMessage(events: readonly SafeEvent[], settings: OutputSettings): OutputRequest {
  const ids = events.map(({ id }) => id);
  const fits = (message: ChatMessage): boolean => {
    const blocks = blocksOf(message);
    return blocks.length <= LIMITS.blocks && stringifyJson(blocks).length <= LIMITS.characters;
  };
  const message = fitChat(composeChat(events), fits);
  return {
    key: keyOf(settings, ids),
    events: ids,
    method: 'POST',
    url: { env: textOf(settings, 'url-from'), host: hostFor(settings) },
    headers: { 'content-type': 'application/json' },
    // The text is what a notification shows. It is read as markup, so it holds our own words alone.
    body: stringifyJson({ text: message.heading, unfurl_links: false, unfurl_media: false, blocks: blocksOf(message) }),
  };
}

/** Foreign text stands only in text elements of rich text, which Slack shows as they are: no markup, no mentions. */
function blocksOf({ heading, lines, foot }: ChatMessage): readonly object[] {
  const header = { type: 'header', text: plain(heading.slice(0, LIMITS.header)) };
  const last = foot === '' ? [] : [{ type: 'context', elements: [plain(foot)] }];
  return [header, ...lines.map(blockOf), ...last];
}

function plain(text: string): object {
  return { type: 'plain_text', text, emoji: false };
}

function blockOf({ head, detail, link }: ChatLine): object {
  const texts: readonly object[] = [
    { type: 'text', text: head, style: { bold: true } },
    { type: 'text', text: `\n${detail}` },
  ];
  const links =
    link === undefined
      ? []
      : [
          { type: 'text', text: '\n' },
          { type: 'link', url: link, text: 'Open' },
        ];
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [...texts, ...links] }] };
}
