import { UsageError } from '../../model/errors.ts';
import type { Gap } from '../../model/gap.ts';
import type { Json } from '../../model/json.ts';
import type { Collected } from '../contract.ts';
import { type Dump, openDump } from '../shared/recording.ts';
import { ENDPOINTS, type Endpoint } from './endpoints.ts';
import { type JsonRecord, recordOf } from './json.ts';

const MOST_PARTS = 100_000;

/** Answers by endpoint, and what the ledger must know. */
export interface Recording {
  readonly account: string;
  readonly pages: Readonly<Record<keyof typeof ENDPOINTS, readonly JsonRecord[]>>;
  readonly ledger: readonly Collected[];
}

/**
 * Reads the pages of every endpoint except the last uses, which are read by key id. Throws `UsageError` without a
 * manifest.
 */
export async function readRecording(
  folder: string,
  signal?: AbortSignal,
): Promise<Recording & { readonly dump: Dump }> {
  const dump = await openDump(folder);
  const account = dump.manifest.target;
  if (!/^\d{12}$/.test(account)) {
    throw new UsageError(
      `${dump.folder}/dump.json: "target" is ${JSON.stringify(account)}; write the account id, 12 digits.`,
    );
  }
  const ledger: Collected[] = [];
  const read = async (endpoint: Endpoint): Promise<readonly JsonRecord[]> => {
    if (signal?.aborted === true) return [];
    const answers = await readPages(dump, endpoint);
    ledger.push(...answers.ledger);
    return answers.pages;
  };
  const pages = {
    details: await read(ENDPOINTS.details),
    report: await read(ENDPOINTS.report),
    keys: await read(ENDPOINTS.keys),
    lastUsed: [],
    oidc: await read(ENDPOINTS.oidc),
    secrets: await read(ENDPOINTS.secrets),
  };
  return { account, pages, ledger, dump };
}

/** `<file>.json`, then `<file>-1.json` and on. The first number may be missing where the plain name is there. */
async function readPages(
  dump: Dump,
  endpoint: Endpoint,
): Promise<{ readonly pages: readonly JsonRecord[]; readonly ledger: readonly Collected[] }> {
  const scope = endpoint.needs;
  const pages: JsonRecord[] = [];
  const items: Collected[] = [];
  for (let part = 0; part < MOST_PARTS; part += 1) {
    const name = part === 0 ? `${endpoint.file}.json` : `${endpoint.file}-${part}.json`;
    const read = await dump.file(name);
    if (read.state === 'missing' && part > 0) break;
    if (read.state === 'missing') continue;
    items.push({ kind: 'plan', scope, unit: 'answers', count: 1 });
    if (read.state === 'corrupt')
      items.push(gapItem(scope, { reason: 'corrupt', subject: name, message: read.message }));
    else {
      pages.push(recordOf(read.value));
      items.push({ kind: 'done', scope, count: 1, bytes: read.bytes });
    }
  }
  if (items.length === 0) items.push(gapItem(scope, missing(endpoint)));
  else if (isTruncated(pages.at(-1))) items.push(gapItem(scope, truncated(endpoint)));
  return { pages, ledger: items };
}

function gapItem(scope: string, gap: Gap): Collected {
  return { kind: 'gap', scope, gap };
}

function missing({ file, without, command }: Endpoint): Gap {
  const message = `${file}.json is not in the recording: ${without}. Record it: ${command}`;
  return { reason: 'not-found', subject: `${file}.json`, message, scope: true };
}

function isTruncated(page: JsonRecord | undefined): boolean {
  return page !== undefined && (page['IsTruncated'] === true || typeof page['NextToken'] === 'string');
}

function truncated({ file, command }: Endpoint): Gap {
  const message = `${file}: the last page says that more follow. Record all pages: ${command}`;
  return { reason: 'limit', subject: `${file}.json`, message, scope: true };
}

/** The answer about the last use of one key, where it was recorded. */
export async function readLastUse(dump: Dump, keyId: string): Promise<{ readonly [key: string]: Json } | undefined> {
  const read = await dump.file(`${ENDPOINTS.lastUsed.file}-${keyId}.json`);
  return read.state === 'ok' ? recordOf(recordOf(read.value)['AccessKeyLastUsed']) : undefined;
}
