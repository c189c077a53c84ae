import type { Command } from 'commander';
import { explainFinding, explainText } from '../../engine/ask/explain.ts';
import { EXIT } from '../../engine/judge/summary.ts';
import type { CliIo, Finish } from '../io.ts';
import { scanContext } from './scan.ts';

interface ExplainFlags {
  readonly path?: string;
  readonly in?: readonly string[];
  readonly json?: boolean;
}

const ID = /^[sp]-[0-9a-f]{20}$|^[0-9a-f]{32}$/;

/** `bowerbird explain <finding id | text | ->`: which rules look at it, and what each check says. */
export function addExplain(program: Command, io: CliIo, finish: Finish): void {
  program
    .command('explain')
    .description('why something is, or is not, a finding: rules, checks, score, suppression')
    .argument('<what>', 'id of a finding, a text, or "-" for standard input')
    .option('--path <path>', 'path that the text is said to stand in', 'explained.txt')
    .option('--in <targets...>', 'where to look for the finding (default ".")')
    .option('--json', 'machine-readable')
    .action(async (what: string, flags: ExplainFlags) => finish(await runExplain(what, flags, io)));
}

async function runExplain(what: string, flags: ExplainFlags, io: CliIo): Promise<number> {
  const context = scanContext(io, {});
  const explained = ID.test(what)
    ? await explainFinding(what, flags.in ?? ['.'], context)
    : await explainText(what === '-' ? await readAll(io.stdin) : Buffer.from(what), flags.path ?? '', context);
  io.stdout(
    flags.json === true ? `${JSON.stringify(explained.data, undefined, 2)}\n` : `${explained.lines.join('\n')}\n`,
  );
  return explained.found ? EXIT.clean : EXIT.findings;
}

async function readAll(input: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of input) parts.push(part);
  return Buffer.concat(parts);
}
