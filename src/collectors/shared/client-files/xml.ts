/** An element of XML with its attributes, its elements and the text directly inside of it. */
export interface XmlElement {
  readonly name: string;
  readonly line: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** What was read before the first problem, and that problem. */
export interface XmlFile {
  readonly root?: XmlElement;
  readonly problem?: { readonly line: number; readonly message: string };
}

interface Open {
  readonly name: string;
  readonly line: number;
  readonly attributes: Record<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const DEEPEST = 60;
const MOST_ELEMENTS = 50_000;
/** A comment, CDATA, an instruction, a declaration, or a tag. Each ends at the first place where it can. */
const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<!DOCTYPE[^<>[\]]*(?:\[[^\]]*\]\s*)?>|<(\/?)([A-Za-z_][\w.:-]{0,200})(?![\w.:-])((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>/y;
const ATTRIBUTE = /(?<![\w.:-])([A-Za-z_][\w.:-]{0,100})\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)')/g;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Reads a small document. Entities of a DTD are not expanded. Never throws. */
export function readXml(text: string): XmlFile {
  const open: Open[] = [{ name: '', line: 1, attributes: {}, children: [], text: '' }];
  const lineAt = createLineCounter(text);
  let elements = 0;
  for (let at = 0; at < text.length; ) {
    const next = text.indexOf('<', at);
    addText(open, decode(text.slice(at, next < 0 ? text.length : next)));
    if (next < 0) break;
    TOKEN.lastIndex = next;
    const token = TOKEN.exec(text);
    const line = lineAt(next);
    elements += 1;
    const message = token === null ? 'no XML from here on' : applyToken(open, token, line);
    if (message !== undefined) return { ...finish(open), problem: { line, message } };
    if (elements > MOST_ELEMENTS) return { ...finish(open), problem: { line, message: 'more elements than are read' } };
    at = TOKEN.lastIndex;
  }
  const last = open.length > 1 ? open.at(-1) : undefined;
  if (last === undefined) return finish(open);
  return { ...finish(open), problem: { line: last.line, message: 'an element does not end' } };
}

/** Returns what is wrong with a token. */
function applyToken(open: Open[], token: RegExpExecArray, line: number): string | undefined {
  const [, data, close, name, attributes = ''] = token;
  if (data !== undefined) addText(open, data);
  if (name === undefined) return undefined;
  if (close === '/') {
    if (open.length < 2 || open.at(-1)?.name !== name) return 'an element ends that did not begin';
    closeLast(open);
    return undefined;
  }
  if (open.length > DEEPEST) return `elements nest deeper than ${DEEPEST} levels`;
  open.push({ name, line, attributes: readAttributes(attributes), children: [], text: '' });
  if (attributes.endsWith('/')) closeLast(open);
  return undefined;
}

/** The element, and all inside of it, that have a name. */
export function elementsNamed(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  if (element === undefined) return [];
  const named: XmlElement[] = [];
  const waiting = [element];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.name === name) named.push(next);
    waiting.push(...[...next.children].reverse());
  }
  return named;
}

/** The trimmed text of the first child with a name. */
export function childText(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text.trim();
}

function finish(open: Open[]): XmlFile {
  while (open.length > 1) closeLast(open);
  const [root] = open[0]?.children ?? [];
  return root === undefined ? {} : { root };
}

function closeLast(open: Open[]): void {
  const element = open.pop();
  if (element !== undefined) open.at(-1)?.children.push(element);
}

function addText(open: readonly Open[], text: string): void {
  const last = open.at(-1);
  if (last !== undefined) last.text += text;
}

function readAttributes(text: string): Record<string, string> {
  const pairs = [...text.matchAll(ATTRIBUTE)].map(([, name = '', double, single]) => [
    name,
    decode(double ?? single ?? ''),
  ]);
  return Object.fromEntries(pairs.filter(([name]) => name !== '__proto__'));
}

function decode(text: string): string {
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '');
}

/** Counts lines from the last place on: places are asked for in their order. */
function createLineCounter(text: string): (at: number) => number {
  let line = 1;
  let from = 0;
  return (at) => {
    for (let feed = text.indexOf('\n', from); feed >= 0 && feed < at; feed = text.indexOf('\n', from)) {
      line += 1;
      from = feed + 1;
    }
    return line;
  };
}
