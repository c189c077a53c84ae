import { resolveRoot } from '../../engine/plan/root.ts';
import { explainLinkAbove } from '../../lib/files/link-above.ts';
import { UsageError } from '../../model/errors.ts';

/**
 * A scanned repository may contain a folder that is a link to anywhere, so nothing is written through a link.
 * @param what begins the sentence, for example "The report out.json"
 * @param file absolute
 * @throws UsageError that says what to write instead
 */
export function refuseLinkAbove(what: string, file: string, targets: readonly string[], cwd: string): void {
  const roots = targets.map((target) => resolveRoot({ targets: [target] }, cwd));
  const reason = explainLinkAbove(file, [...roots, resolveRoot({ targets: [] }, cwd), cwd]);
  if (reason !== undefined) throw new UsageError(`${what} cannot be written: ${reason}`);
}
