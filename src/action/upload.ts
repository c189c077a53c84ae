import { gzipSync } from 'node:zlib';
import { ProviderError } from '../model/errors.ts';

/** The way to the API; tests give a server on loopback. */
export type Send = (url: string, init: RequestInit) => Promise<Response>;

/** What the code scanning API wants to know. */
export interface SarifUpload {
  /** For example `https://api.github.com`. */
  readonly api: string;
  readonly repository: string;
  readonly ref: string;
  readonly sha: string;
  readonly token: string;
  readonly sarif: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

/** GitHub refuses more, after compression. Bytes. */
const MOST_BYTES = 10 * 1024 * 1024;
const TIMEOUT = 60_000;
const SHOWN_ANSWER = 300;
/** Bytes. */
const READ_ANSWER = 64 * 1024;

/**
 * Sends SARIF to code scanning and returns the id of the upload.
 * @throws ProviderError with what to change, when the server refuses or cannot be reached
 */
export async function uploadSarif(upload: SarifUpload, send: Send): Promise<string> {
  const { api, repository, token } = upload;
  const url = `${api}/repos/${repository}/code-scanning/sarifs`;
  const response = await post(url, token, uploadBody(upload), send);
  const text = await readStart(response);
  if (response.status !== 202) throw refusal(response.status, text);
  return uploadId(text);
}

/** The beginning of an answer: it holds an id or a sentence, and nothing makes a server stop. */
async function readStart(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (let part = await reader.read(); !part.done && length < READ_ANSWER; part = await reader.read()) {
      parts.push(part.value);
      length += part.value.length;
    }
  } catch (cause) {
    throw new ProviderError('SARIF was not uploaded: the answer of code scanning broke off.', { cause });
  }
  await reader.cancel().catch(() => undefined);
  return Buffer.concat(parts).toString('utf8', 0, READ_ANSWER);
}

function uploadBody({ ref, sha, sarif, startedAt }: SarifUpload): string {
  const packed = gzipSync(sarif);
  if (packed.length > MOST_BYTES) {
    throw new ProviderError(
      `The SARIF report has ${packed.length} bytes after compression; code scanning takes 10 MiB.`,
    );
  }
  return JSON.stringify({
    commit_sha: sha,
    ref,
    sarif: packed.toString('base64'),
    started_at: startedAt,
    tool_name: 'Bowerbird',
  });
}

async function post(url: string, token: string, body: string, send: Send): Promise<Response> {
  try {
    return await send(url, {
      method: 'POST',
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'user-agent': 'bowerbird',
        'x-github-api-version': '2022-11-28',
      },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT),
    });
  } catch (cause) {
    throw new ProviderError('SARIF was not uploaded: code scanning could not be reached.', { cause });
  }
}

const ADVICE: ReadonlyMap<number, string> = new Map([
  [401, 'the token was refused. Check the input "token".'],
  [
    403,
    'this is not allowed. Give the job "permissions: security-events: write", and check that code scanning is on for the repository (private repositories need it in their plan).',
  ],
  [404, 'the repository or ref was not found, or the token cannot see it.'],
  [413, 'the report is too large.'],
]);

function refusal(status: number, answer: string): ProviderError {
  const advice = ADVICE.get(status) ?? `the server answered: ${answer.slice(0, SHOWN_ANSWER)}`;
  return new ProviderError(`SARIF was not uploaded (HTTP ${status}): ${advice}`, { status });
}

function uploadId(text: string): string {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer === 'object' && answer !== null && 'id' in answer) return String(answer.id);
  } catch {
    // An accepted upload without a readable id is still accepted.
  }
  return '';
}
