const LONGEST = 2_000;
/** Characters that end or bend a link in Markdown, Slack's markup or HTML. */
const BENDING = /[()<>[\]{}|\\^`"'*_~!$@]/g;

/**
 * An address that may be a link: https, without user name, short, and with every character escaped that means something
 * in a receiver's markup. Undefined for anything else.
 */
export function safeUrl(text: string | undefined): string | undefined {
  if (text === undefined || text.length > LONGEST || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') return undefined;
  const tail = `${url.pathname}${url.search}${url.hash}`.replace(BENDING, escapeCharacter);
  const href = `${url.origin}${tail}`;
  return href.length > LONGEST ? undefined : href;
}

function escapeCharacter(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
