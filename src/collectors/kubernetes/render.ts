import { evaluate, nameIn } from './evaluate.ts';
import { findElses, type Part, readParts, trimParts } from './parts.ts';
import { entriesWithin, isOpen, nameOfOpen, open, type Scope, truthOf } from './scope.ts';

const ASSIGNMENT = /^(\$\w+)\s*(:?)=\s*([\s\S]*)$/;
const RANGE = /^(?:(\$\w+)\s*(?:,\s*(\$\w+)\s*)?:=\s*)?([\s\S]*)$/;
const VALUES_PATH = /^\$?\.(Values(?:\.\w+)+)$/;
/** Lists that are written out later, as they need the lines around them. */
const LATER = /^(?:include\s+"[\w./-]+"\s+[.$]|toYaml\s+(?:\$?\.Values(?:\.\w+)+|\.))\s*\|\s*n?indent\s+\d{1,2}$/;
/** What YAML reads as one text. */
const PLAIN = /^(?:[\w./:@-]|<[\w./ -]{1,300}>)+$/;

/** A longer text is no name, and what follows a template would write it again and again. */
const LONGEST_TEXT = 1024;
/** More variables than so many are not kept. */
const MOST_VARIABLES = 200;

/** An open block of a template. */
interface Block {
  /** Whether the branch that is read is kept, and whether one was before. */
  kept: boolean;
  taken: boolean;
  /** Whether the branch runs; undefined where nobody knows. */
  runs: boolean | undefined;
  /** The same of the blocks around it. */
  readonly outer: { readonly kept: boolean; readonly runs: boolean | undefined };
  readonly dot: unknown;
  readonly path: string | undefined;
  /** What its variables were before, and which of them are its own. */
  readonly assigned: Map<string, unknown>;
  readonly declared: Set<string>;
}

interface Walk {
  readonly parts: readonly Part[];
  readonly elses: ReadonlySet<number>;
  readonly blocks: Block[];
  scope: Scope;
  /** Path of the values that `.` is, inside of `with`. */
  path: string | undefined;
  failed: boolean;
}

/**
 * Follows the directives of a template. Kept is the branch that the chart's own values choose, else the first; a block
 * without `else` on lines of its own is always kept, as what it declares may be there. A value that nobody knows is
 * written as its name in angle brackets. Line numbers stay the same. In a strict scope every choice has to be known:
 * else the answer is undefined.
 */
export function render(text: string, scope: Scope): string | undefined {
  const parts = scope.strict ? trimParts(readParts(text)) : readParts(text);
  const walk: Walk = { parts, elses: findElses(parts), blocks: [], scope, path: undefined, failed: false };
  const lines = new Lines(scope.strict);
  for (const [at, part] of parts.entries()) {
    if (part.directive === undefined) lines.add(part.text, stateOf(walk).kept);
    else lines.addDirective(part, followDirective(part, at, walk));
    if (walk.failed) return undefined;
  }
  return lines.text();
}

/** The lines that are written. One of directives alone is empty. */
class Lines {
  readonly #done: string[] = [];
  #line = '';
  #isText = false;
  #later: string | undefined;
  readonly #all: boolean;

  constructor(all: boolean) {
    this.#all = all;
  }

  add(text: string, kept: boolean): void {
    for (const [at, line] of text.split('\n').entries()) {
      if (at > 0) this.#end();
      if (!kept) continue;
      this.#line += line;
      this.#isText ||= line.trim() !== '';
    }
  }

  addDirective({ text }: Part, written: string | undefined): void {
    if (written?.startsWith('{{') === true) this.#later = written;
    this.#line += written ?? '';
    for (let left = text.split('\n').length - 1; left > 0; left--) this.#end();
  }

  #end(): void {
    const alone = this.#later !== undefined && this.#line.trim() === this.#later;
    this.#done.push(this.#all || this.#isText || alone ? this.#line : '');
    this.#line = '';
    this.#isText = false;
    this.#later = undefined;
  }

  text(): string {
    this.#end();
    return this.#done.join('\n');
  }
}

/** Whether what stands here is kept, and whether it runs. */
function stateOf({ blocks }: Walk): Block['outer'] {
  const block = blocks.at(-1);
  if (block === undefined) return { kept: true, runs: true };
  const { kept, runs, outer } = block;
  const both = runs === false || outer.runs === false ? false : runs === true && outer.runs === true ? true : undefined;
  return { kept: kept && outer.kept, runs: both };
}

/** Follows one directive; returns what it writes. */
function followDirective(part: Part, at: number, walk: Walk): string | undefined {
  const { word = '', rest = '' } = part;
  if (part.opens) return openBlock(at, word, rest, walk);
  if (word === 'end') return closeBlock(walk);
  if (word === 'else') return chooseElse(at, rest, walk);
  if (!stateOf(walk).kept) return undefined;
  const [, name, declares, value] = ASSIGNMENT.exec(part.directive ?? '') ?? [];
  if (name === undefined || value === undefined) return write(part, walk);
  assign(name, evaluate(value, walk.scope), declares !== '', walk);
  return undefined;
}

function assign(name: string, value: unknown, declares: boolean, { blocks, scope: { variables } }: Walk): void {
  if (variables.size >= MOST_VARIABLES && !variables.has(name)) return;
  const block = blocks.at(-1);
  if (block !== undefined && !block.assigned.has(name)) block.assigned.set(name, variables.get(name));
  if (declares) block?.declared.add(name);
  variables.set(name, value);
}

/** What a branch declares ends with it. What it sets stays where it runs, and is open where nobody knows. */
function leaveBranch({ blocks, scope: { variables } }: Walk): void {
  const block = blocks.at(-1);
  const parent = blocks.at(-2);
  for (const [name, before] of block?.assigned ?? []) {
    const stays = block?.declared.has(name) === false && block.runs !== false;
    if (!stays) variables.set(name, before);
    else if (parent !== undefined && !parent.assigned.has(name)) parent.assigned.set(name, before);
    if (stays && block.runs === undefined) variables.set(name, open(name.slice(1)));
  }
  block?.assigned.clear();
  block?.declared.clear();
}

function openBlock(at: number, word: string, rest: string, walk: Walk): undefined {
  const { blocks, scope } = walk;
  const outer = stateOf(walk);
  const own = { assigned: new Map<string, unknown>(), declared: new Set<string>() };
  blocks.push({ kept: true, taken: false, runs: undefined, outer, dot: scope.dot, path: walk.path, ...own });
  if (!outer.kept || word === 'define' || word === 'block') return;
  const [, first, second, list = ''] = RANGE.exec(rest) ?? [];
  const value = evaluate(word === 'range' ? list : rest, scope, true);
  choose(at, truthOf(value), walk);
  if (word === 'if') return;
  walk.path = word === 'with' ? VALUES_PATH.exec(rest)?.[1] : undefined;
  if (word === 'with') walk.scope = { ...scope, dot: truthOf(value) === true ? value : open(nameIn(rest)) };
  else enterRange(value, [first, second], nameIn(list), walk);
  return;
}

/** One item alone is known. */
function enterRange(value: unknown, [first, second]: readonly (string | undefined)[], name: string, walk: Walk): void {
  const isOne = typeof value === 'object' && value !== null && !isOpen(value) && entriesWithin(value, 1) === 1;
  const [key, item] = (isOne ? Object.entries(value)[0] : undefined) ?? [open(`${name}.key`), open(name)];
  walk.scope = { ...walk.scope, dot: item };
  if (second !== undefined && first !== undefined) assign(first, key, true, walk);
  const variable = second ?? first;
  if (variable !== undefined) assign(variable, item, true, walk);
}

function chooseElse(at: number, rest: string, walk: Walk): undefined {
  const block = walk.blocks.at(-1);
  if (block === undefined) return;
  leaveBranch(walk);
  restore(walk, block);
  const condition = /^(?:if|with)\b([\s\S]*)$/.exec(rest)?.[1];
  const before = block.runs;
  block.kept = false;
  if (block.taken || !block.outer.kept) block.runs = before === true ? false : undefined;
  else if (condition === undefined) take(block, before === false ? true : undefined);
  else choose(at, truthOf(evaluate(condition.trim(), walk.scope, true)), walk);
}

/** Decides a branch. A strict scope has to know; what only fails is not meant to run. */
function choose(at: number, truth: boolean | undefined, walk: Walk): void {
  const { parts, elses, blocks, scope } = walk;
  const block = blocks.at(-1);
  if (block === undefined) return;
  const decided = truth ?? (onlyFails(parts, at) ? false : undefined);
  if (scope.strict && decided === undefined) walk.failed = true;
  const matters = scope.strict || elses.has(at) || parts[at]?.word === 'else' || parts[at]?.inline === true;
  if (decided !== false || !matters) take(block, decided);
  else {
    block.kept = false;
    block.runs = false;
  }
}

function take(block: Block, runs: boolean | undefined): void {
  block.kept = true;
  block.taken = true;
  block.runs = runs;
}

function onlyFails(parts: readonly Part[], at: number): boolean {
  const next = parts.slice(at + 1, at + 3).find(({ directive, text }) => directive !== undefined || text.trim() !== '');
  return (
    /^(?:fail|\(?printf[\s\S]*\|\s*fail)\b/.test(next?.directive ?? '') || /\|\s*fail$/.test(next?.directive ?? '')
  );
}

function closeBlock(walk: Walk): undefined {
  leaveBranch(walk);
  const block = walk.blocks.pop();
  if (block !== undefined) restore(walk, block);
}

function restore(walk: Walk, { dot, path }: Block): void {
  walk.scope = { ...walk.scope, dot };
  walk.path = path;
}

/** What a directive writes into its line. */
function write(part: Part, walk: Walk): string | undefined {
  const directive = part.directive ?? '';
  if (directive === '' || directive.startsWith('/*')) return undefined;
  if (!walk.scope.strict && LATER.test(directive)) return later(part.text, directive, walk);
  const value = evaluate(directive, walk.scope);
  const text =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
  if (text.length <= LONGEST_TEXT && PLAIN.test(text)) return text;
  if (walk.scope.strict) walk.failed = true;
  return `<${isOpen(value) ? nameOfOpen(value) : nameIn(directive)}>`;
}

/** Behind `with`, `.` is a value of the chart. */
function later(text: string, directive: string, { path }: Walk): string {
  if (!/^toYaml\s+\.\s*\|/.test(directive)) return text;
  return path === undefined ? `<${nameIn(directive)}>` : text.replace(/toYaml\s+\./, `toYaml .${path}`);
}
