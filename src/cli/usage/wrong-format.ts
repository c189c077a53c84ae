import { formatNames } from '../../engine/ask/known-words.ts';
import { didYouMean } from '../../lib/text/nearest.ts';
import { UsageError } from '../../model/errors.ts';

/** Names that other scanners give to formats, and ours. */
const PEER_FORMATS: ReadonlyMap<string, string> = new Map([
  ['text', 'human'],
  ['txt', 'human'],
  ['table', 'human'],
  ['pretty', 'human'],
  ['default', 'human'],
  ['plain', 'human'],
  ['md', 'markdown'],
  ['ndjson', 'jsonl'],
  ['json-lines', 'jsonl'],
  ['xml', 'junit'],
  ['sarifv2', 'sarif'],
]);

/**
 * Makes the error for an unknown report format. Suggests the nearest name, our name for another scanner's word, or that
 * a format is missing before the file.
 */
export function wrongFormat(format: string): UsageError {
  const formats = formatNames();
  const list = `Known: ${formats.join(', ')}.`;
  const ours = PEER_FORMATS.get(format.toLowerCase()) ?? formats.find((name) => name === format.toLowerCase());
  const unknown = `There is no report format "${format}"`;
  if (ours !== undefined && formats.includes(ours)) return new UsageError(`${unknown}. Write --report ${ours}.`);
  const ending = /[^.]\.([a-z]+)$/i.exec(format)?.[1]?.toLowerCase() ?? '';
  const byFile = formats.includes(ending) ? ending : 'json';
  if (/[./\\]/.test(format)) return new UsageError(`${unknown}. For a file write --report ${byFile}=${format}.`);
  return new UsageError(`${unknown}${didYouMean(format, formats)}. ${list}`);
}
