import { UsageError } from '../model/errors.ts';

/** One `--report`: a format and the file to which it goes. Without a file it goes to standard output. */
export interface Output {
  readonly format: string;
  readonly file?: string;
}

/** Splits `--report format=file`. Throws `UsageError` for anything else, with what to write instead. */
export function parseReportFlag(text: string): Output {
  const at = text.indexOf('=');
  if (at < 0) return { format: text };
  const [format, file] = [text.slice(0, at), text.slice(at + 1)];
  if (format === '' || file === '')
    throw new UsageError(`--report ${text}: write <format>=<file>, for example sarif=out.sarif.`);
  if (file === '-') throw new UsageError(`--report ${text}: for standard output write --report ${format}.`);
  // A file may have such a name, but two reports in one flag are what people mean.
  if (/^[^/\\]*=/.test(file)) {
    throw new UsageError(
      `--report ${text}: one flag is one report. Write --report again for the second, or ./${file} for a file of that name.`,
    );
  }
  return { format, file };
}
