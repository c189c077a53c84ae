import type { Report } from '../../model/report.ts';
import type { RenderOptions, Reporter } from '../../reporters/contract.ts';
import { reporters } from '../../reporters/index.generated.ts';
import { checkFormat, renderWith } from './render-one.ts';

/** The reporter of a format. Throws `UsageError` that lists the formats. */
export function findReporter(id: string): Reporter {
  checkFormat(id);
  const reporter = reporters.find((one) => one.id === id);
  if (reporter === undefined) throw new Error(`no reporter ${id}`);
  return reporter;
}

/** Renders a report; `root` is where the scanned paths begin, for hashes of lines. */
export function renderReport(
  report: Report,
  id: string,
  options: Omit<RenderOptions, 'readFile'>,
  root: string,
): string {
  return renderWith(findReporter(id), report, options, root);
}
