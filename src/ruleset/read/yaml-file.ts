import { isYamlProblem, readYaml, type YamlPath, type YamlPlace } from '../../lib/yaml/read.ts';
import type { Problem } from '../problems.ts';

/** A parsed rule file that still knows where each value stands. */
export interface YamlFile {
  /** As shown in messages. */
  readonly file: string;
  readonly value: unknown;
  /** Place of a value, or of its key; where the path does not exist, the place of the nearest parent. */
  locate(path: YamlPath, what?: 'key' | 'value'): YamlPlace;
}

/** Rule files are small; larger ones are refused before they are parsed. Bytes. */
export const RULE_FILE_BYTES = 1024 * 1024;

/** Parses one rule file. What cannot be read is a problem, with the file left undefined. */
export async function parseYamlFile(
  file: string,
  text: string,
): Promise<{ readonly yaml?: YamlFile; readonly problems: readonly Problem[] }> {
  const size = Buffer.byteLength(text);
  if (size > RULE_FILE_BYTES) {
    return { problems: [{ severity: 'error', file, line: 1, column: 1, message: refuseSize(size) }] };
  }
  const document = await readYaml(text);
  if (isYamlProblem(document)) {
    const { line, column, message } = document;
    return { problems: [{ severity: 'error', file, line, column, message: `not valid YAML: ${message}` }] };
  }
  const { value, place } = document;
  return { yaml: { file, value, locate: (path, what) => place(path, what).start }, problems: [] };
}

/** What is wrong with a rule file of so many bytes. */
export function refuseSize(bytes: number): string {
  return `the file has ${bytes} bytes; split it, at most ${RULE_FILE_BYTES} are read`;
}
