import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { readNamedFile } from '../lib/files/tree-file.ts';
import type { Address } from '../model/address.ts';
import { UsageError } from '../model/errors.ts';
import { defineHost, type HostContext, type Listed, type OpenHost, type Repository } from './contract.ts';
import { hostGap } from './shared/gaps.ts';
import { parseRemote, type Remote } from './shared/remote.ts';
import { unknownTips } from './shared/unknown-tips.ts';

/** Some two hundred thousand URLs. */
const MOST_BYTES = 16 * 1024 * 1024;
const LONGEST_LINE = 2_048;

/** The repositories that a file lists, one URL a line (`urls:repos.txt`). Asks nobody. */
export default defineHost({
  id: 'urls',
  title: 'List of git URLs',
  scheme: 'urls',
  hosts: () => [],
  open,
});

async function open(context: HostContext, address: Address): Promise<OpenHost> {
  if (address.value === '') throw new UsageError('"urls:" names no file. Write urls:<file>, with one git URL a line.');
  const read = readNamedFile(resolve(context.cwd, address.value), MOST_BYTES);
  if (read.state !== 'read') {
    throw new UsageError(
      `The file ${address.value} cannot be read (${read.state}). Write urls:<file>, one git URL a line.`,
    );
  }
  const lines = read.bytes
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split(/\r?\n/);
  return { list: () => listLines(context, address, lines), tips: unknownTips };
}

async function* listLines(context: HostContext, address: Address, lines: readonly string[]): AsyncGenerator<Listed> {
  const seen = new Map<string, number>();
  let empty = true;
  for (const [index, line] of lines.entries()) {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    empty = false;
    yield* listLine(context, `${address.value}:${index + 1}`, text, { seen, number: index + 1 });
  }
  if (!empty) return;
  const message = `${address.value} lists no repository: write one git URL a line.`;
  yield { kind: 'gap', gap: hostGap('not-found', { subject: address.text, message, scope: true }) };
}

interface Seen {
  readonly seen: Map<string, number>;
  readonly number: number;
}

function* listLine(context: HostContext, place: string, text: string, { seen, number }: Seen): Generator<Listed> {
  const remote =
    text.length > LONGEST_LINE
      ? { refused: `holds a URL of more than ${LONGEST_LINE} characters` }
      : parseRemote(text, { cwd: context.cwd, allowLocal: context.allowLocal === true });
  if ('refused' in remote) {
    // The text is not quoted: it may hold a password.
    const message = `Line ${place} ${remote.refused}. That repository was not read.`;
    yield { kind: 'gap', gap: hostGap('refused', { subject: place, message }) };
    return;
  }
  const before = seen.get(remote.key);
  if (before === undefined) {
    seen.set(remote.key, number);
    yield { kind: 'repository', repository: toRepository(remote) };
    return;
  }
  yield {
    kind: 'note',
    state: 'duplicate',
    message: `Line ${place} is the repository of line ${before}: it is read once.`,
  };
}

function toRepository({ key, name, url }: Remote): Repository {
  const id = createHash('sha256').update(key).digest('hex').slice(0, 32);
  return { id, name, url, visibility: 'unknown', archived: false, disabled: false, fork: false };
}
