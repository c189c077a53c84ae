import type { Command } from 'commander';
import { explainFinding, explainText } from '../../engine/ask/explain.ts';
import { EXIT } from '../../engine/judge/summary.ts';
import type { FlagsOf } from '../../flags/types.ts';
import { UsageError } from '../../model/errors.ts';
import type { CliIo, Finish } from '../io.ts';
import { declareVerb } from '../program.ts';
import { scanContext } from './scan.ts';

type ExplainFlags = FlagsOf<'explain'>;

const ID = /^[sp]-[0-9a-f]{20}$|^[0-9a-f]{32}$/;

/** `bowerbird explain <finding id | text | ->`: which rules look at it, and what each check says. */
export function addExplain(program: Command, io: CliIo, finish: Finish): void {
  declareVerb(program, 'explain', io).action(async (what: string, flags: ExplainFlags) => {
    finish(await runExplain(what, flags, io));
  });
}

async function runExplain(what: string, flags: ExplainFlags, io: CliIo): Promise<number> {
  if (what === '')
    throw new UsageError('The text is empty. Write the id of a finding, a text, or "-" for standard input.');
  const context = scanContext(io);
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
