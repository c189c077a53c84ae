import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import type { Drafts } from '../shared/identity-drafts.ts';
import { addLogin } from './login.ts';

const MOST_LINES = 20_000;
const LONGEST_LINE = 10_000;
const HEADER = /^\[([^\]]{1,300})\]\s*(?:[#;].*)?$/;
/** `name=value`, `name='a value'`. */
const PAIR = /([A-Za-z_]\w{0,100})\s{0,10}=\s{0,10}(?:"([^"]*)"|'([^']*)'|([^\s#]*))/g;

/** Reads an inventory in the form of INI: a host on each line with its variables, and `[group:vars]`. */
export function readIniInventory(file: ClientFile, drafts: Drafts): readonly Gap[] {
  const lines = file.text.split(/\r?\n/, MOST_LINES + 1);
  const groups = new Map<string, { readonly variables: Record<string, string>; readonly line: number; last: number }>();
  let section = '';
  for (const [index, raw] of lines.slice(0, MOST_LINES).entries()) {
    const text = raw.trim();
    if (text === '' || /^[#;]/.test(text) || text.length > LONGEST_LINE) continue;
    const header = HEADER.exec(text)?.[1];
    if (header !== undefined) {
      section = header.trim();
      continue;
    }
    const [, group, kind] = /^(.+):(vars|children)$/.exec(section) ?? [];
    if (kind === 'children') continue;
    if (group === undefined) addHost(file, drafts, text, index + 1);
    else {
      const known = groups.get(group) ?? { variables: {}, line: index + 1, last: index + 1 };
      groups.set(group, known);
      known.last = index + 1;
      Object.assign(known.variables, pairsIn(text.replace(/^([\w]+)\s*=\s*(.*\s.*)$/, wholeValue)));
    }
  }
  for (const [scope, { variables, line, last }] of groups)
    addLogin(file, drafts, variables, { scope, isHost: false, line, lastLine: last });
  return lines.length > MOST_LINES ? [file.gap(MOST_LINES, 'more lines than are read; split the file', 'limit')] : [];
}

/** A value of a group goes to the end of the line. */
function wholeValue(all: string, name: string, value: string): string {
  return /^["']/.test(value) || value.includes('"') ? all : `${name}="${value}"`;
}

function addHost(file: ClientFile, drafts: Drafts, text: string, line: number): void {
  const [host = ''] = text.split(/\s/, 1);
  if (host.includes('=')) return;
  addLogin(file, drafts, pairsIn(text.slice(host.length)), { scope: host, isHost: true, line });
}

function pairsIn(text: string): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(PAIR)].map(([, name = '', double, single, plain]) => [
    name,
    double ?? single ?? plain ?? '',
  ]);
  return Object.fromEntries(pairs.filter(([name]) => name !== '__proto__'));
}
