import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import { isLocalHost } from '../shared/client-files/hosts.ts';
import { addKey, type Drafts, setFacts } from '../shared/identity-drafts.ts';

interface HostBlock {
  readonly name: string;
  readonly line: number;
  lastLine: number;
  /** The first value of a keyword counts. */
  readonly values: Map<string, string>;
}

const MOST_LINES = 20_000;
const LINE = /^([A-Za-z]{2,60})(?:\s*=\s*|\s+)(\S.*)$/;

/** Reads `ssh_config`: how each host is reached, as far as its block says. */
export function readClientConfiguration(file: ClientFile, drafts: Drafts): readonly Gap[] {
  const lines = file.text.split(/\r?\n/, MOST_LINES + 1);
  for (const block of readBlocks(lines.slice(0, MOST_LINES))) addLogin(file, drafts, block);
  return lines.length > MOST_LINES ? [file.gap(MOST_LINES, 'more lines than are read; split the file', 'limit')] : [];
}

function readBlocks(lines: readonly string[]): readonly HostBlock[] {
  const blocks: HostBlock[] = [];
  for (const [index, text] of lines.entries()) {
    const [, keyword = '', value = ''] = LINE.exec(text.trim()) ?? [];
    const name = keyword.toLowerCase();
    const last = blocks.at(-1);
    if (name === 'host' || name === 'match')
      blocks.push({ name: value, line: index + 1, lastLine: index + 1, values: new Map() });
    else if (name !== '' && last !== undefined) {
      if (!last.values.has(name)) last.values.set(name, value.replace(/^"(.*)"$/, '$1'));
      last.lastLine = index + 1;
    }
  }
  return blocks;
}

function addLogin(file: ClientFile, drafts: Drafts, { name, line, lastLine, values }: HostBlock): void {
  const host = values.get('hostname') ?? (/[*?!\s]/.test(name) ? undefined : name);
  const isEverything = /(?:^|\s)\*(?:\s|$)/.test(name);
  const checks = values.get('stricthostkeychecking')?.toLowerCase();
  const forwards = values.get('forwardagent')?.toLowerCase();
  const id = `ssh-login:${file.repository}:${file.path}#${name.slice(0, 200)}`;
  const head = { id, type: 'ssh_login', provider: 'ssh', name: name.slice(0, 200), account: host ?? file.repository };
  const draft = drafts.identity(head, file.evidence(line, lastLine));
  const isLocal = host !== undefined && isLocalHost(host);
  const facts = {
    checksHostKeys: checks === undefined ? undefined : !['no', 'off'].includes(checks) || isLocal,
    forwardsAgentToAll: forwards === undefined ? undefined : isEverything && forwards !== 'no',
    logsInAsRoot: values.has('user') ? values.get('user') === 'root' : undefined,
  };
  setFacts(draft, facts, file.path);
  addKey(draft, 'host', host?.toLowerCase());
}
