import { UsageError } from '../model/errors.ts';

/** Splits `--report format=file`. */
export function parseReportFlag(text: string): { readonly format: string; readonly file?: string } {
  const at = text.indexOf('=');
  if (at < 0) return { format: text };
  const [format, file] = [text.slice(0, at), text.slice(at + 1)];
  if (format === '' || file === '')
    throw new UsageError(`--report ${text}: write <format>=<file>, for example sarif=out.sarif.`);
  return { format, file };
}
