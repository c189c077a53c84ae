/** The text of a rule file, and its path as messages show it. */
export interface RuleText {
  readonly path: string;
  readonly text: string;
}

/** Rule files of one folder that are read; a folder with more is refused. */
export const MOST_RULE_FILES = 5000;
