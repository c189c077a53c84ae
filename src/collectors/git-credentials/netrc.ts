/** A host of `.netrc` with its login. */
export interface Machine {
  readonly host: string | undefined;
  readonly login?: string;
  readonly password?: string;
  readonly line: number;
  readonly lastLine: number;
}

const MOST_WORDS = 50_000;
const WORD = /"((?:[^"\\\n]|\\.)*)"|\S+/g;

interface Word {
  readonly text: string;
  readonly line: number;
}

interface OpenMachine {
  readonly host: string | undefined;
  readonly line: number;
  lastLine: number;
  login?: string;
  password?: string;
}

/** Reads words: `machine <host> login <name> password <secret>`, in any order and on any lines. */
export function readMachines(text: string): { readonly machines: readonly Machine[]; readonly cut: boolean } {
  const { words, cut } = listWords(text);
  const machines: OpenMachine[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const { text: word = '', line = 1 } = words[at] ?? {};
    if (word === 'default') machines.push({ host: undefined, line, lastLine: line });
    if (!/^(?:machine|login|passw(?:or)?d|account)$/.test(word)) continue;
    at += 1;
    const value = words[at];
    if (value === undefined) break;
    if (word === 'machine') machines.push({ host: value.text, line, lastLine: value.line });
    else addWord(machines.at(-1), word, value);
  }
  return { machines, cut };
}

function addWord(machine: OpenMachine | undefined, word: string, value: Word): void {
  if (machine === undefined) return;
  if (word === 'login') machine.login = value.text;
  if (word.startsWith('pass')) machine.password = value.text;
  machine.lastLine = value.line;
}

function listWords(text: string): { readonly words: readonly Word[]; readonly cut: boolean } {
  const words: Word[] = [];
  let inMacro = false;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') inMacro = false;
    if (/^\s*macdef\b/.test(line)) inMacro = true;
    if (inMacro || /^\s*#/.test(line)) continue;
    for (const [whole, quoted] of line.matchAll(WORD)) words.push({ text: quoted ?? whole, line: index + 1 });
    if (words.length > MOST_WORDS) return { words: words.slice(0, MOST_WORDS), cut: true };
  }
  return { words, cut: false };
}
