import { createHmac } from 'node:crypto';
import { HttpError } from '../../lib/http/http.ts';
import { cutText } from '../../lib/text/escape.ts';
import { cleanText } from '../../lib/text/terminal.ts';
import type { Delivery, DeliveryPort, FromEnvironment, OutputRequest } from '../contract.ts';

/** Statuses that pass by themselves. */
const PASSING = new Set([408, 425, 429]);
/** Errors of the network that pass by themselves; all others are a mistake in the settings. */
const PASSING_ERRORS = new Set(['timeout', 'network', 'aborted', 'too-large']);
const QUOTED = 120;
/** A receiver cannot make us wait longer than this, milliseconds. */
export const LONGEST_WAIT = 3_600_000;

const ADVICE: Readonly<Record<number, string>> = {
  400: 'The receiver does not accept the message. Check the settings of this output, and that the receiver is of its type.',
  401: 'Check the variable of the environment that holds the token: it is wrong, or has expired.',
  403: 'Give the token the permission to write there.',
  404: 'Check the address, and that the token may see what it names.',
  405: 'Check the address: what it names takes no POST.',
  410: 'What the address names is gone. Make a new one, and put it in the variable of the environment.',
  413: 'The receiver takes only smaller messages. Raise its limit, or send it fewer kinds of events.',
};
const ADVICE_NETWORK = 'Write the final https address of the receiver in the settings of this output.';
const OTHERWISE = 'Look the status up in the documentation of the receiver, and check the settings of this output.';

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Something that only the user can repair. */
export type Refused = Extract<Delivery, { readonly state: 'refused' }>;

/** A request as the network takes it, or why it cannot be made. */
type Prepared = { readonly url: string; readonly init: RequestInit; readonly secrets: readonly string[] } | Refused;

/** Sends a request over HTTP, and judges the answer by its status alone. */
export async function deliverHttp(
  request: OutputRequest,
  port: DeliveryPort,
  advice: Readonly<Record<number, string>>,
): Promise<Delivery> {
  const asked = await ask(request, port);
  return 'state' in asked ? asked : judge(asked, port.now(), advice);
}

/** Sends a request with its secrets filled in. A failure of the network is a delivery that ended. */
export async function ask(request: OutputRequest, port: DeliveryPort): Promise<Answer | Delivery> {
  const prepared = prepare(request, port);
  if ('state' in prepared) return prepared;
  return askNetwork(port, prepared.url, prepared.init, prepared.secrets);
}

/** Sends what is prepared. `secrets` are taken out of the answer, should it repeat them. */
export async function askNetwork(
  port: DeliveryPort,
  url: string,
  init: RequestInit,
  secrets: readonly string[],
): Promise<Answer | Delivery> {
  try {
    const response = await port.network.fetch(url, init);
    let text = await response.text();
    for (const secret of secrets) text = text.replaceAll(secret, '(removed)');
    return { status: response.status, headers: response.headers, text };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    if (PASSING_ERRORS.has(error.code)) return { state: 'retry', reason: error.message };
    return { state: 'refused', reason: error.message, advice: ADVICE_NETWORK };
  }
}

function prepare(request: OutputRequest, port: DeliveryPort): Prepared {
  const url = addressOf(request, port);
  if (typeof url !== 'string') return url;
  const headers: Record<string, string> = {};
  const secrets: string[] = typeof request.url === 'string' ? [] : [url];
  for (const [name, value] of Object.entries(request.headers)) {
    const filled = typeof value === 'string' ? value : fill(value, port);
    if (typeof filled !== 'string') return filled;
    headers[name] = filled;
    if (typeof value !== 'string') secrets.push(filled, port.secret(value.env) ?? '');
  }
  const signed = sign(request, port);
  if ('state' in signed) return signed;
  const init = { method: request.method, headers: { ...headers, ...signed.headers }, body: request.body };
  return { url, init, secrets: secrets.filter((secret) => secret !== '') };
}

/** The value of a variable, as a header takes it; a refusal where the variable is not set. */
export function fill(value: FromEnvironment, port: DeliveryPort): string | Refused {
  const secret = port.secret(value.env)?.trim() ?? '';
  if (secret === '') return unset(value.env);
  if (/[^\u0020-\u007e]/.test(secret)) return notOneLine(value.env);
  if (value.user !== undefined) return `Basic ${Buffer.from(`${value.user}:${secret}`).toString('base64')}`;
  return `${value.before ?? ''}${secret}`;
}

function unset(name: string): Refused {
  return {
    state: 'refused',
    reason: `the environment has no value for ${name}`,
    advice: `Set ${name} where Bowerbird runs.`,
  };
}

function notOneLine(name: string): Refused {
  return {
    state: 'refused',
    reason: `the value of ${name} is no single line of ASCII`,
    advice: `Set ${name} again, without line breaks or other characters around the value.`,
  };
}

function addressOf({ url }: OutputRequest, port: DeliveryPort): string | Refused {
  if (typeof url === 'string') return url;
  const text = port.secret(url.env)?.trim() ?? '';
  if (text === '') return unset(url.env);
  if (URL.canParse(text) && new URL(text).host === url.host) return text;
  const advice = `Put the whole address of the receiver in ${url.env}, and its host in the settings of this output.`;
  return { state: 'refused', reason: `the address in ${url.env} does not lead to ${url.host}`, advice };
}

/** Headers that a signature adds. */
interface Signed {
  readonly headers: Readonly<Record<string, string>>;
}

function sign({ sign: asked, body }: OutputRequest, port: DeliveryPort): Signed | Refused {
  if (asked === undefined) return { headers: {} };
  const key = port.secret(asked.env) ?? '';
  if (key === '') return unset(asked.env);
  const time = Math.floor(port.now() / 1000);
  const signature = createHmac('sha256', key).update(`${time}.${body}`).digest('hex');
  return { headers: { [asked.header]: `t=${time},v1=${signature}` } };
}

/** What an answer means: by its status, and by how long it asks to wait. */
export function judge(answer: Answer, now: number, advice: Readonly<Record<number, string>>): Delivery {
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return { state: 'sent' };
  const reason = describeAnswer(answer);
  const wait = waitOf(headers, now);
  const isLimit = status === 403 && (wait !== undefined || headers.get('x-ratelimit-remaining') === '0');
  if (status >= 500 || PASSING.has(status) || isLimit) {
    return { state: 'retry', reason, ...(wait === undefined ? {} : { afterMs: wait }) };
  }
  return { state: 'refused', reason, advice: advice[status] ?? ADVICE[status] ?? OTHERWISE };
}

function describeAnswer({ status, text }: Answer): string {
  const said = cutText(cleanText(text.slice(0, QUOTED * 4)).trim(), QUOTED);
  return said === '' ? `answered ${status}` : `answered ${status}: ${said}`;
}

/** Milliseconds that an answer asks to wait: seconds or a date in `retry-after`, or when a limit begins anew. */
function waitOf(headers: Headers, now: number): number | undefined {
  const after = headers.get('retry-after')?.trim();
  if (after !== undefined) return bound(/^\d{1,9}$/.test(after) ? Number(after) * 1000 : Date.parse(after) - now);
  const reset = headers.get('x-ratelimit-reset');
  if (headers.get('x-ratelimit-remaining') !== '0' || !/^\d{1,12}$/.test(reset ?? '')) return undefined;
  return bound(Number(reset) * 1000 - now);
}

function bound(ms: number): number | undefined {
  return Number.isNaN(ms) ? undefined : Math.min(LONGEST_WAIT, Math.max(0, ms));
}
