import { join } from 'node:path';
import { UsageError } from '../../model/errors.ts';
import { compareText } from '../../model/location.ts';
import { readPackageFile } from './files.ts';
import type { Refresh, TableSource } from './model.ts';

const SETUP = 'the PyPI package moto (pip download --no-deps moto, unpacked)';
const FILE = join('moto', 'iam', 'aws_managed_policies.py');

type Statement = Readonly<Record<string, unknown>>;

interface Managed {
  readonly DefaultVersionId: string;
  readonly Document: { readonly Statement: Statement | readonly Statement[] };
}

/** The default version of every policy that AWS manages. */
export const AWS_MANAGED: Refresh = {
  flag: 'aws-managed',
  setup: SETUP,
  file: 'src/permissions/aws/tables/managed.generated.ts',
  constant: 'MANAGED_ROWS',
  about: 'One row a policy: its name, a tab, and the statements of its default version, without Sid, as JSON.',
  read,
};

function read(folder: string): TableSource {
  const text = readPackageFile(folder, FILE, SETUP);
  const [start, end] = [text.indexOf('"""'), text.lastIndexOf('"""')];
  if (start < 0 || end <= start) throw new UsageError(`${FILE} has another form than known: no text in """ in it.`);
  const policies = JSON.parse(text.slice(start + '"""'.length, end)) as Record<string, Managed>;
  const rows = Object.entries(policies).map(
    ([name, { Document }]) => `${name}\t${JSON.stringify(statementsOf(Document))}`,
  );
  return { source: `PyPI moto ${versionOf(folder)} (Apache-2.0)`, rows: rows.sort(compareText) };
}

function statementsOf({ Statement: raw }: Managed['Document']): Statement[] {
  const statements = Array.isArray(raw) ? (raw as readonly Statement[]) : [raw as Statement];
  return statements.map((statement) =>
    Object.fromEntries(Object.entries(statement).filter(([name]) => name !== 'Sid')),
  );
}

function versionOf(folder: string): string {
  const text = readPackageFile(folder, join('moto', '__init__.py'), SETUP);
  return /__version__ = "([^"]+)"/.exec(text)?.[1] ?? 'of unknown version';
}
