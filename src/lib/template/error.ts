/** Most characters that one placeholder may become. */
export const LONGEST = 65_536;

/** A template that cannot be expanded; the message says what to write. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}
