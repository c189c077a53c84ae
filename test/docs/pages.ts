import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A command that a page shows. */
export interface ShownCommand {
  readonly page: string;
  readonly line: number;
  /** Without the comment behind it. */
  readonly text: string;
  /** What the page shows below it; undefined where it shows nothing. */
  readonly output?: string;
}

/** A block between fences. */
export interface Block {
  readonly page: string;
  /** Line of its first line, from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

const FENCED = /^( *)```(\w*)\n([\s\S]*?)^\1```$/gm;
const STARTS_COMMAND = /^(?:bowerbird|npm|npx|node|git|source) /;

/** README.md and every page of docs/, as paths from the root. */
export function listPages(root: string): readonly string[] {
  const docs = join(root, 'docs');
  const names = existsSync(docs) ? (readdirSync(docs, { recursive: true }) as string[]) : [];
  return [
    'README.md',
    ...names.filter((name) => name.endsWith('.md')).map((name) => `docs/${name.replaceAll('\\', '/')}`),
  ];
}

/** Every fenced block of a page. */
export function readBlocks(root: string, page: string): readonly Block[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(FENCED)].map((match) => {
    const line = text.slice(0, match.index).split('\n').length + 1;
    return { page, line, language: match[2] ?? '', text: match[3] ?? '' };
  });
}

/** Every command of a page: of `sh` blocks, behind "$ " in others, and in code within a sentence. */
export function readCommands(root: string, page: string): readonly ShownCommand[] {
  const blocks = readBlocks(root, page);
  const shell = blocks.filter(({ language }) => ['sh', 'bash', 'console'].includes(language));
  const inShell = shell.flatMap(({ line, text }) => {
    const commands = text
      .replaceAll('\\\n', ' ')
      .split('\n')
      .map((one, at) => ({ page, line: line + at, text: withoutComment(one) }));
    return commands.filter((command) => command.text !== '');
  });
  const shown = blocks
    .filter(({ text }) => text.startsWith('$ '))
    .map(({ line, text }) => {
      const [first = '', ...output] = text.split('\n');
      return { page, line, text: first.slice(2), output: output.join('\n') };
    });
  const prose = readFileSync(join(root, page), 'utf8').replace(FENCED, (block) => block.replace(/[^\n]/g, ' '));
  const inProse = [...prose.matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map((match) => {
    return { page, line: prose.slice(0, match.index).split('\n').length, text: match[1] ?? '' };
  });
  return [...inShell, ...shown, ...inProse.filter(({ text }) => STARTS_COMMAND.test(text))];
}

function withoutComment(line: string): string {
  return line.replace(/(?:^|\s)#\s.*$/, '').trim();
}
