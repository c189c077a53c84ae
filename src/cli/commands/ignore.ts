import { join } from 'node:path';
import type { Command } from 'commander';
import { IGNORE_FILE } from '../../config/config.ts';
import { formatIgnoreFile, type IgnoreLine, parseIgnoreFile } from '../../config/ignore-file.ts';
import { policyFromFolder } from '../../config/policy-files.ts';
import { EXIT } from '../../engine/judge/summary.ts';
import { resolveRoot } from '../../engine/plan/root.ts';
import type { FlagsOf } from '../../flags/types.ts';
import { defined } from '../../lib/fields/defined.ts';
import { errorCode } from '../../lib/files/walk.ts';
import { writeWhole } from '../../lib/files/write-file.ts';
import type { AllowEntry } from '../../model/allowlist.ts';
import { UsageError } from '../../model/errors.ts';
import type { CliIo, Finish } from '../io.ts';
import { declareVerb } from '../program.ts';
import { refuseLinkAbove } from '../usage/refuse-link-above.ts';

const HEADER = `Findings that are known and accepted: one a line, sorted, with a reason.
<finding id> reason="why" owner=name expires=YYYY-MM-DD
Ids are content-based: they survive moves and renames, and a new secret on the same line is a new finding.`;

const ID = /^(?:[sp]-[0-9a-f]{20}|[0-9a-f]{32})$/;

type IgnoreFlags = FlagsOf<'ignore'>;

/** `bowerbird ignore <id> --reason ...`: adds one line to the ignore file at the top of the repository. */
export function addIgnore(program: Command, io: CliIo, finish: Finish): void {
  declareVerb(program, 'ignore', io).action(async (ids: string[], flags: IgnoreFlags) => {
    finish(await runIgnore(ids, flags, io));
  });
}

async function runIgnore(ids: readonly string[], flags: IgnoreFlags, io: CliIo): Promise<number> {
  if (flags.remove !== true && flags.reason === undefined) {
    throw new UsageError(
      '--reason is missing: say why the finding is accepted, for example --reason "test key of the sandbox".',
    );
  }
  const unknown = ids.find((id) => !ID.test(id));
  if (unknown !== undefined) {
    throw new UsageError(`"${unknown}" is no id of a finding. Reports show ids, for example s-0123456789abcdef0123.`);
  }
  const root = resolveRoot({ targets: [] }, io.cwd);
  const file = join(root, IGNORE_FILE);
  refuseLinkAbove(`The ignore file ${file}`, file, [], io.cwd);
  const written = (await policyFromFolder(root).read(IGNORE_FILE)) ?? '';
  const before = parseIgnoreFile(written, IGNORE_FILE, 'ignore-file').map(toLine);
  const remaining = before.filter((line) => !ids.includes(line.id));
  const { reason, owner, expires } = flags;
  const rest = {
    ...defined({ reason, owner, expires }),
  };
  const added = flags.remove === true ? [] : ids.map((id) => ({ id, ...rest }));
  const text = formatIgnoreFile([...remaining, ...added], HEADER);
  // Parsing the new line refuses a bad id or date before anything is written.
  parseIgnoreFile(text, IGNORE_FILE, 'ignore-file');
  try {
    writeWhole(file, text);
  } catch (error) {
    throw new UsageError(`${file} cannot be written (${errorCode(error)}). Check its permissions.`);
  }
  const verb = flags.remove === true ? 'Removed' : 'Added';
  io.stdout(`${verb} ${ids.join(', ')} in ${IGNORE_FILE}. Commit it; it applies from the base branch on.\n`);
  return EXIT.clean;
}

/** Turns an entry back into the line from which it was read. */
export function toLine(entry: AllowEntry): IgnoreLine {
  const { fingerprint = '', reason, owner, expires } = entry;
  const optional = defined({ owner, expires });
  return { id: fingerprint, reason, ...optional };
}
