import type { Suppression } from '../model/finding.ts';

const OWN = /\bbowerbird:allow\b(?:[ \t]+(?:reason=)?"?(?<reason>[^"\r\n]{1,200}))?/;
const FOREIGN = /\bgitleaks:allow\b|\bbetterleaks:allow\b|\bpragma: ?(?:allow|white)list secret\b/;

/**
 * Reads the comment that accepts a secret on its own line: `bowerbird:allow <reason>`, or gitleaks' and detect-secrets'
 * markers. `line` is the raw text of the line(s) the secret stands on.
 */
export function readInlineComment(line: string, source: string): Suppression | undefined {
  const comment = OWN.exec(line);
  if (comment !== null) {
    const reason = comment.groups?.['reason']?.replace(/\s*(?:\*\/|-->)?\s*$/, '') ?? '';
    return { kind: 'inline', reason: reason === '' ? 'comment on the line' : reason, source };
  }
  const foreign = FOREIGN.exec(line);
  return foreign === null ? undefined : { kind: 'inline', reason: `comment "${foreign[0]}" on the line`, source };
}
