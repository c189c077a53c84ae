/** One kind of answer: its file, the command that records it, and what is lost without it. */
export interface Endpoint {
  /** Name without `.json`; further pages or parts are `<name>-1.json`, `<name>-2.json` and so on. */
  readonly file: string;
  readonly command: string;
  readonly needs: string;
  readonly without: string;
  /** Fields of an answer. A file that has none of them holds no answer, for example an error that was recorded. */
  readonly fields: readonly string[];
  /**
   * For files that hold several lists: the field with the records, and the text by which records belong to one list.
   */
  readonly lists?: { readonly field: string; readonly by: string };
  /** True: another answer tells most of it, so without it nothing is missing. */
  readonly optional?: boolean;
}
